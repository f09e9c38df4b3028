//! The start of the random number generator, off the way of the first token.
//!
//! A signature blinds its key with random numbers. Before AWS-LC gives the first of a process, it measures the jitter
//! of the processor, which takes 20 to 30 ms; every later one takes a microsecond. Parsing a key takes half a
//! millisecond.

use std::sync::Once;
use std::thread;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// How long the measuring waits, in real time: where processors are few, it would slow down what starts besides.
const AFTER_THE_START: Duration = Duration::from_millis(10);

/// Has the generator started soon, on a thread of its own, once per process. A token that is asked for before waits as
/// long as it would have anyway, and so does the first one where there can be no thread.
pub(crate) fn gather() {
    static GATHERED: Once = Once::new();
    GATHERED.call_once(|| {
        let _ = thread::Builder::new().name("idp-entropy".to_owned()).spawn(|| {
            thread::sleep(AFTER_THE_START);
            let _ = SystemRandom::new().fill(&mut [0]);
        });
    });
}

//! The one clock that issuing, checking and every printed time go by.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Tells the time to the mocks; clones share it.
///
/// The system's time by default. A [fixed](Clock::fixed) clock stands still until it is [advanced](Clock::advance), so
/// that lifetimes can be tested without waiting. Either can become the other at any time: [`freeze`](Clock::freeze),
/// [`run`](Clock::run). A [view](Clock::view) is the same clock with a skew of its own, as a server has whose clock is
/// not set right.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Arc<Source>,
    /// How far a view is before the clock that it is a view of, in microseconds.
    skew: Option<Arc<AtomicI64>>,
}

#[derive(Debug)]
struct Source {
    /// A [`Course`] in one word, so that the time is told without a lock and never half old and half new.
    course: AtomicI64,
    /// The course that the clock was made with.
    start: Course,
    moved: watch::Sender<()>,
}

/// How a clock tells the time. All in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// The system's time and so much more.
    Running(i64),
    /// Always this, counted from the Unix epoch.
    Frozen(i64),
}

/// No time is further than this from another: all that a timestamp can hold, twice, and it leaves a bit to tell the
/// courses apart.
const FAR: i64 = 1 << 61;

impl Course {
    fn packed(self) -> i64 {
        match self {
            Self::Running(ahead) => ahead.clamp(-FAR, FAR) << 1,
            Self::Frozen(at) => (at.clamp(-FAR, FAR) << 1) | 1,
        }
    }

    fn unpacked(word: i64) -> Self {
        if word & 1 == 0 { Self::Running(word >> 1) } else { Self::Frozen(word >> 1) }
    }

    fn now(self) -> i64 {
        match self {
            Self::Running(ahead) => system().saturating_add(ahead),
            Self::Frozen(at) => at,
        }
    }

    fn frozen(self) -> Self {
        Self::Frozen(self.now())
    }

    fn running(self) -> Self {
        match self {
            Self::Running(_) => self,
            Self::Frozen(at) => Self::Running(at.saturating_sub(system())),
        }
    }

    fn advanced(self, by: i64) -> Self {
        match self {
            Self::Running(ahead) => Self::Running(ahead.saturating_add(by)),
            Self::Frozen(at) => Self::Frozen(at.saturating_add(by)),
        }
    }

    fn set(self, to: i64) -> Self {
        match self {
            Self::Running(_) => Self::Frozen(to).running(),
            Self::Frozen(_) => Self::Frozen(to),
        }
    }
}

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::on(Course::Running(0))
    }

    /// A clock that stands still at `time` (to the microsecond).
    #[must_use]
    pub fn fixed(time: Timestamp) -> Self {
        Self::on(Course::Frozen(time.as_microsecond()))
    }

    fn on(course: Course) -> Self {
        let source = Source { course: AtomicI64::new(course.packed()), start: course, moved: watch::Sender::new(()) };
        Self { source: Arc::new(source), skew: None }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let skew = self.skew.as_ref().map_or(0, |skew| skew.load(Ordering::Relaxed));
        let micros = self.course().now().saturating_add(skew);
        let end = if micros.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(micros).unwrap_or(end)
    }

    /// Moves the clock forward, or back with a negative duration. Ends at the years that a timestamp can hold.
    pub fn advance(&self, by: SignedDuration) {
        self.change(|course| course.advanced(micros(by)));
    }

    /// Sets the clock to `time`; it stands still there or goes on from there, as it did before. A view's skew stays,
    /// and comes on top.
    pub fn set(&self, time: Timestamp) {
        self.change(|course| course.set(time.as_microsecond()));
    }

    /// Stops the clock, until it is moved or [runs](Clock::run) again.
    pub fn freeze(&self) {
        self.change(Course::frozen);
    }

    /// Lets the clock go on with real time, from the time that it has.
    pub fn run(&self) {
        self.change(Course::running);
    }

    /// Makes the clock tell the time as it did when it was made. A view's skew stays.
    pub fn reset(&self) {
        self.change(|_| self.source.start);
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(self.course(), Course::Frozen(_))
    }

    /// The same clock with a [skew](Clock::skew) of its own, none at first: it is moved, frozen and run together with
    /// this one. Its clones share the skew.
    #[must_use]
    pub fn view(&self) -> Self {
        let skew = self.skew.as_ref().map_or(0, |skew| skew.load(Ordering::Relaxed));
        Self { source: Arc::clone(&self.source), skew: Some(Arc::new(AtomicI64::new(skew))) }
    }

    /// Puts a view `by` so much before the clock that it is a view of, or behind it with a negative duration, whatever
    /// it was before. A clock that is no view has no other to differ from: then nothing happens.
    pub fn skew(&self, by: SignedDuration) {
        if let Some(skew) = &self.skew {
            skew.store(micros(by).clamp(-FAR, FAR), Ordering::Relaxed);
            self.source.moved.send_replace(());
        }
    }

    /// How far a view is before the clock that it is a view of, or behind it.
    #[must_use]
    pub fn skewed(&self) -> SignedDuration {
        SignedDuration::from_micros(self.skew.as_ref().map_or(0, |skew| skew.load(Ordering::Relaxed)))
    }

    /// Follows the changes of the clock's course; that time goes by is none.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.source.moved.subscribe()
    }

    fn course(&self) -> Course {
        Course::unpacked(self.source.course.load(Ordering::Relaxed))
    }

    fn change(&self, change: impl Fn(Course) -> Course) {
        let changed = |word| Some(change(Course::unpacked(word)).packed());
        let _ = self.source.course.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed);
        self.source.moved.send_replace(());
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(if duration.is_negative() { i64::MIN } else { i64::MAX })
}

#[allow(clippy::disallowed_methods, reason = "the clock is the one place that asks the system")]
fn system() -> i64 {
    Timestamp::now().as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn new_year() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_advanced() {
        let clock = Clock::fixed(new_year());
        let shared = clock.clone();
        assert_eq!(clock.now(), new_year());
        shared.advance(SignedDuration::from_secs(90));
        assert_eq!(clock.now(), new_year() + SignedDuration::from_secs(90));
    }

    #[test]
    fn a_clock_moved_beyond_all_years_still_tells_a_time() {
        for (by, end) in [(SignedDuration::MAX, Timestamp::MAX), (SignedDuration::MIN, Timestamp::MIN)] {
            for clock in [Clock::fixed(new_year()), Clock::system()] {
                clock.advance(by);
                clock.advance(by);
                assert_eq!(clock.now(), end);
            }
        }
    }

    #[test]
    fn a_running_clock_can_be_frozen_and_goes_on_from_there() {
        let clock = Clock::system();
        clock.advance(HOUR);
        clock.freeze();
        let frozen = clock.now();
        assert!(clock.is_frozen());
        assert_eq!(clock.now(), frozen);
        clock.run();
        assert!(!clock.is_frozen());
        let on = clock.now().duration_since(frozen);
        assert!(on >= SignedDuration::ZERO && on < HOUR, "{on}");
    }

    #[test]
    fn a_fixed_clock_can_run() {
        let clock = Clock::fixed(new_year());
        clock.run();
        let first = clock.now();
        assert!(first >= new_year() && first < new_year() + HOUR);
        while clock.now() == first {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_clock_that_is_set_stands_or_runs_as_before() {
        let frozen = Clock::fixed(new_year());
        frozen.set(new_year() + HOUR);
        assert_eq!(frozen.now(), new_year() + HOUR);
        let running = Clock::system();
        running.set(new_year());
        assert!(!running.is_frozen());
        assert!(running.now() >= new_year() && running.now() < new_year() + HOUR);
    }

    #[test]
    fn a_clock_that_is_reset_is_as_it_was_made() {
        let clock = Clock::fixed(new_year());
        clock.run();
        clock.advance(HOUR);
        clock.reset();
        assert!(clock.is_frozen());
        assert_eq!(clock.now(), new_year());
    }

    #[test]
    fn a_view_is_moved_with_its_clock_and_keeps_its_skew() {
        let clock = Clock::fixed(new_year());
        let view = clock.view();
        view.skew(-HOUR);
        assert_eq!((clock.now(), view.now()), (new_year(), new_year() - HOUR));
        clock.advance(HOUR);
        assert_eq!((clock.now(), view.now()), (new_year() + HOUR, new_year()));
        view.skew(SignedDuration::ZERO);
        assert_eq!(clock.now(), view.now());
    }

    #[test]
    fn a_clock_that_is_no_view_can_t_differ_from_itself() {
        let clock = Clock::fixed(new_year());
        clock.skew(HOUR);
        assert_eq!(clock.now(), new_year());
    }

    #[test]
    fn who_follows_a_clock_is_told_when_its_course_changes() {
        let clock = Clock::fixed(new_year());
        let mut moves = clock.view().subscribe();
        clock.advance(HOUR);
        assert!(moves.has_changed().unwrap());
        moves.mark_unchanged();
        clock.view().skew(HOUR);
        assert!(moves.has_changed().unwrap());
    }
}

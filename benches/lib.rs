//! Benchmarks alone; there is nothing to link.

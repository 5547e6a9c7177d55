//! Independent pieces of work on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `count` pieces of work on all cores; the results stand in the order of the pieces.
pub(crate) fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    let next = AtomicUsize::new(0);
    let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&number| number < count);
    let worker = || std::iter::from_fn(take).map(|number| (number, work(number))).collect::<Vec<_>>();
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_stand_in_order() {
        assert_eq!(side_by_side(9, |number| number * number), [0, 1, 4, 9, 16, 25, 36, 49, 64]);
        assert!(side_by_side(0, |number| number).is_empty());
    }
}

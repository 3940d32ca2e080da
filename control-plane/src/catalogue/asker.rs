//! When which server is asked: at start, after a change of where or as whom, on a timer, soon after a gateway met something
//! new; later and later while a server does not answer.
//!
//! Only the process that serves asks. What is due is found anew whenever a revision was pushed, an answer came, somebody
//! wants a server asked, or the next turn has come.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use mcp::revision::Era;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{
    Shared,
    catalogue::{ask::Target, lock, shelf},
};

/// How often a server that answers is asked.
const EVERY: Duration = Duration::from_secs(60);
/// How soon one that does not is asked again, at first and at last.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));
/// How soon a server is asked again because a gateway wants it.
const GAP: Duration = Duration::from_secs(5);
/// How many servers are asked at once.
const AT_ONCE: usize = 8;

/// One server's turn.
struct Turn {
    target: Target,
    era: Option<Era>,
    failures: u32,
    asked: Option<Instant>,
    due: Instant,
    is_under_way: bool,
}

/// What came of one asking.
struct Asked {
    server: String,
    target: Target,
    answered: Option<Era>,
}

/// Asks for as long as the control plane is there.
pub(crate) async fn run(shared: Weak<Shared>) {
    let Some(mut published) = shared.upgrade().map(|shared| shared.ledger.subscribe()) else { return };
    let mut turns = BTreeMap::new();
    // Revision whose servers were looked at for what they may approve by themselves.
    let mut trusted = 0;
    let mut asking = JoinSet::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Some(here) = shared.upgrade() else { return };
        plan(&here, &mut turns).await;
        let revision = here.ledger.known_revision();
        if revision != trusted && shelf::trust_all(&here).await.is_ok() {
            trusted = revision;
        }
        start(&here, &places, &mut turns, &mut asking);
        let next = turns.values().filter(|turn| !turn.is_under_way).map(|turn| turn.due).min();
        let wanted = {
            let offers = Arc::clone(&here.offers);
            async move { offers.wake.notified().await }
        };
        let stopped = here.stopped();
        drop(here);
        tokio::select! {
            changed = published.changed() => if changed.is_err() { return },
            () = wanted => {}
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
            Some(Ok(asked)) = asking.join_next(), if !asking.is_empty() => settle(&mut turns, asked),
            () = stopped => return,
        }
    }
}

/// Brings the turns up to the document, and those up that somebody wants.
async fn plan(shared: &Shared, turns: &mut BTreeMap<String, Turn>) {
    let Ok(targets) = shared.ledger.targets().await else { return };
    turns.retain(|server, _| targets.contains_key(server));
    let now = Instant::now();
    for (server, target) in targets {
        match turns.get_mut(&server) {
            Some(turn) if turn.target == target => {}
            Some(turn) => {
                turn.target = target;
                (turn.era, turn.failures, turn.due) = (None, 0, now);
            }
            None => {
                let turn =
                    Turn { target, era: None, failures: 0, asked: None, due: now, is_under_way: false };
                turns.insert(server, turn);
            }
        }
    }
    for server in std::mem::take(&mut *lock(&shared.offers.wanted)) {
        if let Some(turn) = turns.get_mut(&server) {
            turn.due = turn.due.min(turn.asked.map_or(now, |asked| asked + GAP));
        }
    }
}

fn start(
    shared: &Arc<Shared>,
    places: &Arc<Semaphore>,
    turns: &mut BTreeMap<String, Turn>,
    asking: &mut JoinSet<Asked>,
) {
    let now = Instant::now();
    for (server, turn) in turns.iter_mut().filter(|(_, turn)| !turn.is_under_way && turn.due <= now) {
        (turn.is_under_way, turn.asked) = (true, Some(now));
        let (shared, places) = (Arc::clone(shared), Arc::clone(places));
        let (server, target, era) = (server.clone(), turn.target.clone(), turn.era);
        asking.spawn(async move {
            let _place = places.acquire_owned().await;
            let answered = shelf::ask(&shared, &server, &target, era).await.ok();
            Asked { server, target, answered }
        });
    }
}

fn settle(turns: &mut BTreeMap<String, Turn>, asked: Asked) {
    let Some(turn) = turns.get_mut(&asked.server) else { return };
    turn.is_under_way = false;
    if turn.target != asked.target {
        // It was somebody else who answered; the new one is due already.
        return;
    }
    turn.failures = if asked.answered.is_some() { 0 } else { turn.failures.saturating_add(1) };
    turn.era = asked.answered.or(turn.era);
    turn.due = Instant::now() + pause(turn.failures);
}

/// How long until a server is asked again.
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => EVERY,
        Some(earlier) => RETRY.0.saturating_mul(2_u32.saturating_pow(earlier)).min(RETRY.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_stays_silent_is_asked_less_and_less() {
        let pauses: Vec<u64> =
            [0, 1, 2, 5, 9, 10, 40, u32::MAX].map(|failures| pause(failures).as_secs()).into();
        assert_eq!(pauses, [60, 1, 2, 16, 256, 300, 300, 300]);
    }
}

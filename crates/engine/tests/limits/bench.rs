//! A server behind a limit, its callers, and workers that count in one store.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use engine::{
    Counters, DecisionId, Effect, Event, Exchange, Gauge, Head, Limiter, Moment, Record, Revision, SLOTS,
    Stale, Step, Stored,
};

/// The shared data of one proxy.
#[derive(Debug, Default)]
pub(crate) struct Store {
    slots: RefCell<HashMap<u32, (Vec<u8>, u32)>>,
    next: Cell<u32>,
    /// Others always get ahead.
    pub(crate) contended: Cell<bool>,
    /// Others get ahead every other time.
    pub(crate) stumbles: Cell<bool>,
    turn: Cell<bool>,
}

#[derive(Debug)]
struct Shared(Rc<Store>);

impl Counters for Shared {
    fn read(&self, slot: u32) -> Stored {
        let known = self.0.slots.borrow().get(&slot).cloned();
        known.map_or_else(Stored::default, |(bytes, version)| Stored { bytes, version: Some(version) })
    }

    fn swap(&self, slot: u32, value: &[u8], version: Option<u32>) -> Result<(), Stale> {
        assert!(slot < SLOTS);
        self.0.turn.set(!self.0.turn.get());
        if self.0.contended.get() || (self.0.stumbles.get() && self.0.turn.get()) {
            return Err(Stale);
        }
        let mut slots = self.0.slots.borrow_mut();
        if slots.get(&slot).map(|(_, version)| *version) != version {
            return Err(Stale);
        }
        self.0.next.set(self.0.next.get() + 1);
        slots.insert(slot, (value.to_vec(), self.0.next.get()));
        Ok(())
    }
}

impl Store {
    /// Bytes that are kept.
    pub(crate) fn size(&self) -> usize {
        self.slots.borrow().values().map(|(bytes, _)| bytes.len()).sum()
    }

    /// Slots that were ever written.
    pub(crate) fn slots(&self) -> usize {
        self.slots.borrow().len()
    }

    /// Fills every slot with counts of others that last.
    pub(crate) fn crowd(&self, now_ms: u64) {
        let entry = |number: u128| {
            let mut bytes = number.to_le_bytes().to_vec();
            [0, 1, now_ms + 60_000]
                .iter()
                .for_each(|part: &u64| bytes.extend_from_slice(&part.to_le_bytes()));
            bytes
        };
        let full: Vec<u8> = (0..128).flat_map(entry).collect();
        let mut slots = self.slots.borrow_mut();
        (0..SLOTS).for_each(|slot| {
            slots.insert(slot, (full.clone(), 1));
        });
    }
}

/// A policy, a store and a clock.
pub(crate) struct Bench {
    pub(crate) store: Rc<Store>,
    pub(crate) clock: Rc<Cell<u64>>,
    revision: Rc<Revision>,
    holders: Cell<u64>,
}

/// One worker.
pub(crate) struct Worker {
    pub(crate) limiter: Rc<Limiter>,
    clock: Rc<Cell<u64>>,
    revision: Rc<Revision>,
}

/// The key of a caller.
fn key(caller: &str) -> String {
    let letters = |length: usize| caller.chars().cycle().take(length).collect::<String>();
    format!("tg_{}_{}", letters(12), letters(52))
}

fn digest(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Bench {
    /// Callers `one` and `two` of this role, with more about the server and the endpoint.
    pub(crate) fn new(role: &str, server: &str, endpoint: &str) -> Self {
        Self::under("", role, server, endpoint)
    }

    /// The same with more at the top of the document.
    pub(crate) fn under(top: &str, role: &str, server: &str, endpoint: &str) -> Self {
        let key_of = |caller: &str| {
            let text = key(caller);
            let id = text.get(3..15).unwrap_or_default();
            format!("  - {{ id: {id}, name: {caller}, role: agent, sha256: {} }}\n", digest(&text))
        };
        let text = format!(
            "version: 1
{top}servers: {{ s: {{ url: \"http://127.0.0.1:9/mcp\"{server} }} }}
endpoints: {{ /s/mcp: {{ servers: [s]{endpoint} }} }}
keys:
{}{}roles: {{ agent: {role} }}
",
            key_of("one"),
            key_of("two")
        );
        let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
        let rules = source.compile(1).unwrap_or_else(|problems| panic!("{problems}"));
        Self {
            store: Rc::default(),
            clock: Rc::new(Cell::new(1_780_000_000_000)),
            revision: Rc::new(Revision::new(rules, Vec::new())),
            holders: Cell::new(1),
        }
    }

    pub(crate) fn worker(&self) -> Worker {
        self.holders.set(self.holders.get() + 1);
        let limiter = Limiter::new(Box::new(Shared(Rc::clone(&self.store))), self.holders.get());
        let (clock, revision) = (Rc::clone(&self.clock), Rc::clone(&self.revision));
        Worker { limiter: Rc::new(limiter), clock, revision }
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { now_ms: self.clock.get(), revision: Some(Rc::clone(&self.revision)), audit: Gauge::Open }
    }

    /// The next beginning of a day of UTC.
    pub(crate) fn midnight(&self) -> u64 {
        (self.clock.get() / 86_400_000 + 1) * 86_400_000
    }

    /// How many of so many calls pass, each over before the next.
    pub(crate) fn passed(&self, worker: &Worker, caller: &str, calls: usize) -> usize {
        (0..calls).filter(|_| matches!(worker.call(caller, "x").0, Effect::Forward(_))).count()
    }
}

impl Worker {
    pub(crate) fn head(caller: &str) -> Head {
        let bearer = format!("Bearer {}", key(caller));
        let pairs = [
            (":method", "POST"),
            (":path", "/s/mcp"),
            (":authority", "gw"),
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
        ];
        let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Head { headers: headers.collect(), ..Head::default() }
    }

    pub(crate) fn body(tool: &str) -> String {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}"}}}}"#)
    }

    pub(crate) fn call(&self, caller: &str, tool: &str) -> (Effect, Record, Exchange) {
        self.post(caller, &Self::body(tool))
    }

    pub(crate) fn post(&self, caller: &str, body: &str) -> (Effect, Record, Exchange) {
        let (step, exchange) = self.begin(caller, body);
        (step.effect, step.record.expect("every decision is recorded"), exchange)
    }

    /// A request up to the end of its body.
    pub(crate) fn begin(&self, caller: &str, body: &str) -> (Step, Exchange) {
        let moment = Moment {
            now_ms: self.clock.get(),
            revision: Some(Rc::clone(&self.revision)),
            audit: Gauge::Open,
        };
        let mut exchange = Exchange::new(DecisionId::new(1, 2)).with_limiter(Rc::clone(&self.limiter));
        let mut step = exchange.handle(&Event::RequestHead(&Self::head(caller)), &moment);
        if matches!(step.effect, Effect::Hold) {
            step = exchange.handle(&Event::RequestBody(body.as_bytes()), &moment);
        }
        (step, exchange)
    }

    /// The worker's VM is gone, with the exchange it had: nothing of it says goodbye.
    pub(crate) fn dies(self, exchange: Exchange) {
        std::mem::forget(exchange);
        std::mem::forget(self);
    }
}

//! What databases offer to each role, as adapters say it. Kept in memory: an adapter says it again to whoever does not know.

use std::collections::{BTreeMap, BTreeSet};

use policy::catalogue::role_tools::RoleTools;
use proto::v1::{OfferRequest, OfferResponse, RoleOffer};

use crate::{
    Shared,
    catalogue::{lock, sharing},
    ledger::LedgerError,
};

/// The lists of each database, by role.
#[derive(Default)]
pub(crate) struct Told {
    /// The digest of what each adapter said last.
    digests: BTreeMap<String, String>,
    databases: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Told {
    /// What is known of these databases.
    pub(crate) fn databases(&self, wanted: &BTreeSet<String>) -> Vec<(String, RoleTools)> {
        let known = self.databases.iter().filter(|(database, _)| wanted.contains(*database));
        let known = known.map(|(database, roles)| {
            let mut tools = RoleTools::default();
            for (role, list) in roles {
                tools.insert(role, list.iter().map(String::as_str));
            }
            (database.clone(), tools)
        });
        known.collect()
    }

    /// Takes in all that an adapter says, in place of what was known of its databases.
    fn take(&mut self, node: String, digest: String, offers: Vec<RoleOffer>) {
        for RoleOffer { database, .. } in &offers {
            self.databases.remove(database);
        }
        for RoleOffer { database, role, tools } in offers {
            self.databases.entry(database).or_default().insert(role, tools);
        }
        self.digests.insert(node, digest);
    }
}

/// Hears an adapter. Gateways get what is new.
pub(crate) async fn hear(shared: &Shared, request: OfferRequest) -> Result<OfferResponse, LedgerError> {
    let document = shared.ledger.document().await?;
    let shared_here = sharing(&document);
    let wanted = document.databases.keys().filter(|database| shared_here.contains(*database)).cloned();
    let wanted: Vec<String> = wanted.collect();
    let OfferRequest { node, digest, offers } = request;
    let is_news = !offers.is_empty();
    let known = {
        let mut told = lock(&shared.offers.told);
        if is_news {
            told.take(node, digest, offers);
            true
        } else {
            wanted.is_empty() || told.digests.get(&node) == Some(&digest)
        }
    };
    if is_news {
        shared.offers.changed();
        shared.ledger.refresh().await?;
    }
    Ok(OfferResponse { wanted, known })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(database: &str, role: &str, tools: &[&str]) -> RoleOffer {
        let tools = tools.iter().map(|name| format!("{{\"name\":\"{name}\"}}")).collect();
        RoleOffer { database: database.to_owned(), role: role.to_owned(), tools }
    }

    #[test]
    fn the_last_word_on_a_database_counts() {
        let mut told = Told::default();
        let take = |told: &mut Told, node: &str, offers: Vec<RoleOffer>| {
            told.take(node.to_owned(), "d".to_owned(), offers);
        };
        take(&mut told, "a", vec![offer("shop", "reader", &["query"]), offer("shop", "gone", &["query"])]);
        take(&mut told, "b", vec![offer("till", "reader", &["query"])]);
        take(&mut told, "a", vec![offer("shop", "reader", &["query", "aggregate"])]);
        let wanted = BTreeSet::from(["shop".to_owned()]);
        let [(database, roles)] = told.databases(&wanted).try_into().unwrap();
        let names: Vec<&str> = roles.of("reader").iter().map(|tool| tool.key()).collect();
        assert_eq!((database.as_str(), names), ("shop", vec!["query", "aggregate"]));
        assert!(roles.of("gone").is_empty());
    }
}

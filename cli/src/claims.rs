//! Claims on the command line: `--claim region=EU`.

use proto::v1::Claim;

/// Text that is no claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write NAME=VALUE, such as region=EU")]
pub(crate) struct NoClaim;

/// Reads one claim.
pub(crate) fn pair(text: &str) -> Result<Claim, NoClaim> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or(NoClaim)?;
    Ok(Claim { name: name.to_owned(), value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_a_name_and_a_value() {
        assert_eq!(pair("region=E=U"), Ok(Claim { name: "region".to_owned(), value: "E=U".to_owned() }));
        assert_eq!(pair("region"), Err(NoClaim));
        assert_eq!(pair("=EU"), Err(NoClaim));
    }
}

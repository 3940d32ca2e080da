//! trigate.yaml to rules, and rules to decisions.

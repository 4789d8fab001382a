//! The YAML as written: serde structs and positions, no behaviour.

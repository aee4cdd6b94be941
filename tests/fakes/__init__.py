"""Stand-ins for what lies outside, that tests can hold in any state."""

//! Numbers of IKEv2 notify messages that matter to IIPtran and ESP (IANA's registry of IKEv2).

/// An ESP packet came with selectors that its SA does not permit (RFC 7296 section 3.10.1).
pub const INVALID_SELECTORS: u16 = 39;
/// The peer takes no more SAs with these selectors for its workers (RFC 9611 section 6.2).
pub const TS_MAX_QUEUE: u16 = 48;
/// The SAs are to be in transport mode (RFC 7296 section 1.3.1): how two IIPtran peers negotiate.
pub const USE_TRANSPORT_MODE: u16 = 16_391;
/// The sender does not take traffic-flow confidentiality padding (RFC 7296 section 1.3.1).
pub const ESP_TFC_PADDING_NOT_SUPPORTED: u16 = 16_394;
/// Fragments other than the first go through the same SA (RFC 7296 section 1.3.1).
pub const NON_FIRST_FRAGMENTS_ALSO: u16 = 16_395;
/// The SAs carry aggregated and fragmented packets (RFC 9347 section 5.1).
pub const USE_AGGFRAG: u16 = 16_442;
/// The SAs are one worker's, besides others with the same selectors (RFC 9611 section 6.1).
pub const SA_RESOURCE_INFO: u16 = 16_444;

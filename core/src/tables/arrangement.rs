//! The arrangements: one word for each way that RFC 3884 compares.

/// How a node combines routing, encapsulation and IPsec: one word for each way that RFC 3884 compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrangement {
    /// Host to host: transport mode on the packets of this node alone (RFC 4301).
    Transport,
    /// Policy picks a tunnel-mode SA; routing sees no virtual link (RFC 3884 section 2).
    TunnelMode,
    /// IPIP tunnel interfaces, whose packets are protected in transport mode (RFC 3884 section 3).
    Iiptran,
    /// Each pair of tunnel-mode SAs is an interface (RFC 3884 section 4.1, alternative 1).
    InterfaceSa,
    /// A forwarding lookup before tunnel mode gives the physical interface in whose SAD the SA is looked
    /// up (RFC 3884 section 4.1, alternative 2).
    InitialLookupA,
    /// A forwarding lookup before tunnel mode gives an SA interface, which makes it
    /// [`Self::InterfaceSa`] (RFC 3884 section 4.1, alternative 2).
    InitialLookupB,
    /// Forwarding asks the routing table, and then the SAD for the SA that the route leads to (RFC 3884
    /// section 4.1, alternative 3).
    Integrated,
}

/// What a virtual link is to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VirtualLinkForm {
    /// There are none.
    None,
    /// A policy and its tunnel-mode SAs. No route can lead into it.
    Policy,
    /// A policy and its tunnel-mode SAs. A route leads to its far end, by a physical link.
    RoutedPolicy,
    /// An IPIP tunnel interface, and a policy on its outer header.
    TunnelInterface,
    /// An interface that is a pair of tunnel-mode SAs.
    SaInterface,
}

impl Arrangement {
    /// Every arrangement.
    pub const ALL: [Self; 7] = [
        Self::Transport,
        Self::TunnelMode,
        Self::Iiptran,
        Self::InterfaceSa,
        Self::InitialLookupA,
        Self::InitialLookupB,
        Self::Integrated,
    ];

    /// The name in configuration documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::TunnelMode => "tunnel-mode",
            Self::Iiptran => "iiptran",
            Self::InterfaceSa => "interface-sa",
            Self::InitialLookupA => "initial-lookup-a",
            Self::InitialLookupB => "initial-lookup-b",
            Self::Integrated => "integrated",
        }
    }

    /// What a virtual link is to the node.
    #[must_use]
    pub const fn virtual_links(self) -> VirtualLinkForm {
        match self {
            Self::Transport => VirtualLinkForm::None,
            Self::TunnelMode => VirtualLinkForm::Policy,
            Self::InitialLookupA | Self::Integrated => VirtualLinkForm::RoutedPolicy,
            Self::Iiptran => VirtualLinkForm::TunnelInterface,
            Self::InterfaceSa | Self::InitialLookupB => VirtualLinkForm::SaInterface,
        }
    }
}

impl VirtualLinkForm {
    /// Whether virtual links are interfaces, with addresses, an MTU and a state.
    #[must_use]
    pub const fn is_interface(self) -> bool {
        matches!(self, Self::TunnelInterface | Self::SaInterface)
    }

    /// Whether policies may ask for tunnel mode.
    #[must_use]
    pub const fn has_tunnel_mode_policies(self) -> bool {
        matches!(self, Self::Policy | Self::RoutedPolicy)
    }
}

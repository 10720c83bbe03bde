//! How a protected virtual link comes about: a scripted control plane.
//!
//! The steps are modules that don't know of each other (RFC 3884 section 4.2.4), as tunnel and IPsec
//! don't:
//!
//! ```text
//! 1  the control channel in the base network is protected
//! 2  tunnel management makes the IPIP link, at both ends
//! 3  key exchange over the link gives it its pair of SAs, at both ends
//! ```
//!
//! Keys are part of the script: a real key exchange would agree on them in step 3. There is no clock and
//! no randomness, so a run is a function of its inputs.

use alloc::boxed::Box;
use alloc::string::String;
use core::time::Duration;

use super::{Message, NegotiatedPair};
use crate::sa::SaParameters;
use crate::transform::{Keys, Transform};
use crate::wire::Spi;
use crate::{Instant, Mode, NetworkId, TunnelEnds};

/// What the two ends have agreed on beforehand, as one of them sees it.
#[derive(Clone, Debug)]
pub struct Script {
    /// Who speaks first.
    pub role: Role,
    /// The two ends of the link, seen from here.
    pub ends: TunnelEnds,
    /// The virtual network that it is a link of.
    pub network: NetworkId,
    /// Algorithms.
    pub transform: Transform,
    /// Keys of the SA for what this end sends: the other end's `inbound_keys`.
    pub outbound_keys: Keys,
    /// Keys of the SA for what this end receives.
    pub inbound_keys: Keys,
    /// The SPI under which this end receives.
    pub inbound_spi: Spi,
    /// How long an answer is waited for before the message is sent again.
    pub patience: Duration,
    /// How often a message is sent before the other end counts as gone.
    pub attempts: u32,
}

/// Who speaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// This end.
    Initiator,
    /// The other end.
    Responder,
}

/// What is to be done next. The caller does it before it asks for more.
#[derive(Clone, Debug)]
pub enum Action {
    /// Step 1: protect the control channel between the two ends, in the base network.
    ProtectControlChannel,
    /// Send a message: over the control channel, or over the tunnel; see [`Message::is_over_tunnel`].
    Send(Message),
    /// Step 2: make the tunnel interface with these ends. Nothing but messages of step 3 passes before
    /// that is done.
    CreateLink(TunnelEnds),
    /// Step 3: install this pair over the interface.
    Install(Box<NegotiatedPair>),
    /// The link is protected.
    Established,
    /// There will be no link.
    Failed(SetupFault),
}

/// Why a link did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupFault {
    /// The other end did not answer.
    NoAnswer,
    /// The script's SAs are no pair.
    NotAPair,
}

/// The control plane of one end of a link.
#[derive(Debug)]
pub struct LinkSetup {
    script: Script,
    state: State,
    /// An answer that is still to be sent.
    answer: Option<Message>,
    /// When the last message was sent, and how often.
    sent: Option<(Instant, u32)>,
}

/// What is to happen next; in waiting, what has to come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Begin,
    /// The tunnel is asked for.
    AwaitTunnel,
    CreateLink,
    /// The tunnel is there, keys are not.
    AwaitKeys,
    Install(Spi),
    Finish,
    Over,
}

impl LinkSetup {
    /// Nothing is done yet.
    #[must_use]
    pub const fn new(script: Script) -> Self {
        Self {
            script,
            state: State::Begin,
            answer: None,
            sent: None,
        }
    }

    /// What is to be done now; `None` while there is nothing but to wait.
    pub fn poll(&mut self, now: Instant) -> Option<Action> {
        match self.state {
            State::Begin => {
                self.state = State::AwaitTunnel;
                Some(Action::ProtectControlChannel)
            }
            State::CreateLink => {
                self.enter(State::AwaitKeys);
                if self.script.role == Role::Responder {
                    self.answer = Some(Message::TunnelAccept);
                }
                Some(Action::CreateLink(self.script.ends))
            }
            State::Install(spi) => {
                self.enter(State::Finish);
                if self.script.role == Role::Responder {
                    self.answer = Some(Message::KeyAccept(self.script.inbound_spi));
                }
                Some(match self.pair(spi) {
                    Some(pair) => Action::Install(Box::new(pair)),
                    None => self.fail(SetupFault::NotAPair),
                })
            }
            State::AwaitTunnel | State::AwaitKeys | State::Finish | State::Over => {
                if let Some(answer) = self.answer.take() {
                    return Some(Action::Send(answer));
                }
                match (self.state, self.script.role) {
                    (State::Finish, _) => {
                        self.enter(State::Over);
                        Some(Action::Established)
                    }
                    (State::AwaitTunnel, Role::Initiator) => self.ask(now, Message::TunnelRequest),
                    (State::AwaitKeys, Role::Initiator) => {
                        self.ask(now, Message::KeyRequest(self.script.inbound_spi))
                    }
                    _ => None,
                }
            }
        }
    }

    /// Takes a message of the other end. One that comes out of turn or again does no harm: a
    /// request that was answered is answered again, as the answer may be lost.
    pub fn receive(&mut self, bytes: &[u8]) {
        let Some(message) = Message::parse(bytes) else {
            return;
        };
        let next = match (self.script.role, self.state, message) {
            (Role::Initiator, State::AwaitTunnel, Message::TunnelAccept)
            | (Role::Responder, State::AwaitTunnel, Message::TunnelRequest) => State::CreateLink,
            (Role::Initiator, State::AwaitKeys, Message::KeyAccept(spi))
            | (Role::Responder, State::AwaitKeys, Message::KeyRequest(spi)) => State::Install(spi),
            (Role::Responder, State::AwaitKeys, Message::TunnelRequest) => {
                self.answer = Some(Message::TunnelAccept);
                return;
            }
            (Role::Responder, State::Finish | State::Over, Message::KeyRequest(_)) => {
                self.answer = Some(Message::KeyAccept(self.script.inbound_spi));
                return;
            }
            _ => return,
        };
        self.enter(next);
    }

    /// When [`Self::poll`] has something to do although no message came; `None` if never.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let (sent, _) = self.sent?;
        Some(sent.after(self.script.patience))
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.sent = None;
    }

    fn fail(&mut self, fault: SetupFault) -> Action {
        self.answer = None;
        self.enter(State::Over);
        Action::Failed(fault)
    }

    /// Sends a message for the first time, or again.
    fn ask(&mut self, now: Instant, message: Message) -> Option<Action> {
        let times = match self.sent {
            Some((sent, _)) if now.since(sent) < self.script.patience => return None,
            Some((_, times)) if times >= self.script.attempts => {
                return Some(self.fail(SetupFault::NoAnswer));
            }
            Some((_, times)) => times,
            None => 0,
        };
        self.sent = Some((now, times.saturating_add(1)));
        Some(Action::Send(message))
    }

    /// The pair, negotiated in tunnel mode as any two gateways would.
    fn pair(&self, outbound_spi: Spi) -> Option<NegotiatedPair> {
        let Script {
            ends,
            network,
            transform,
            outbound_keys,
            inbound_keys,
            inbound_spi,
            ..
        } = &self.script;
        let parameters = |spi: Spi, keys: &Keys| SaParameters {
            name: String::from("negotiated"),
            network: *network,
            ..SaParameters::new(spi, Mode::Tunnel(*ends), *transform, keys.clone())
        };
        let outbound = parameters(outbound_spi, outbound_keys);
        let inbound = parameters(*inbound_spi, inbound_keys);
        NegotiatedPair::new(outbound, inbound).ok()
    }
}

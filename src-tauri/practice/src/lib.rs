//! A simulated contact centre, as strict as the real one, that speaks only bus envelopes.
//!
//! [`Practice`] is a connector: it takes requests from the bus and gives back what the contact centre
//! says. Behind it are an agent, at most one contact of up to six legs, and a link that can be cut. A
//! [`Scenario`] says what happens by itself: who calls, who hangs up, what fails.
//!
//! # The contract
//!
//! No IO, no clock, no thread. After every [`handle`](Practice::handle) and
//! [`handle_timeout`](Practice::handle_timeout) take outputs from
//! [`poll_output`](Practice::poll_output) until there are none, then ask
//! [`poll_timeout`](Practice::poll_timeout) when to call `handle_timeout` next. The same scenario, seed
//! and inputs give the same outputs, ids included.
//!
//! # The life of a contact
//!
//! ```text
//!                 ring time over, or given up by the customer: missed, MissedCallAgent
//!                 Reject: Rejected, MissedCallAgent
//!   call        +---------------------------------------------------------+
//!   -------> Ringing                                                      |
//!            PendingBusy                                                  v
//!               | Answer                                                Over ---------> gone
//!               v            Disconnect, Transfer, or nobody left:        ^  ClearContact, or
//!             Live           ACW, AfterCallWork                           |  an agent state
//!             Busy -------------------------------------------------------+  that is chosen
//!               ^ answers                                                 |
//!   SetMakeCall |            busy: ACW, LineEngagedCustomer               |
//!   -------> Dialling        no answer: ACW, FailedConnectCustomer        |
//!            CallingCustomer ---------------------------------------------+
//!
//!   Live, by how many others there are and whether one of them is on hold:
//!
//!   Talking ---Consult---> Dialling ---answers---> Consulting ---Conference---> Conference
//!   one other  <---------- busy, no answer         two, one on hold, <-Swap->   two or more
//!                                                                               | Consult
//!                                                                               v
//!                                                                  Dialling, up to six legs
//! ```
//!
//! Legs and agent are changed first and told afterwards: after every input each leg whose event or
//! buttons differ from what was last said about it, the agent's own first, sends one
//! `InboundCallStateChange`; then `SetAgentState` and `CcpAgentState` follow if the agent's state
//! differs. So what the bus hears is always a whole, consistent step.
#![warn(missing_docs)]

mod agent;
mod buttons;
mod centre;
mod command;
mod contact;
mod directory;
mod disturbance;
mod ids;
mod leg;
mod link;
mod practice;
mod scenario;
mod script;

pub use practice::Practice;
pub use scenario::{Scenario, ScenarioError};

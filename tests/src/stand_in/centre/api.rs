//! The API that the library's requests go to, and what it refuses.

use offhook_protocol::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Centre,
    request::{Endpoint, Request},
};
use crate::stand_in::{
    AmazonError,
    contact::{
        Aftermath, Connection, ConnectionKind, ConnectionState, Contact, ContactState, Kind,
    },
    instance::{self, Phone},
};

type Outcome<T = ()> = Result<T, AmazonError>;

impl Centre {
    /// Does what is asked and gives back the response, or says why not. `None` if no answer ever
    /// comes, see [`Centre::ignore_next`].
    pub fn api(&mut self, method: &str, params: &Value, now: Timestamp) -> Option<Outcome<Value>> {
        if let Some(at) = self.ignoring.iter().position(|ignored| ignored == method) {
            self.ignoring.remove(at);
            return None;
        }
        if let Some(at) = self
            .failing
            .iter()
            .position(|(failing, _)| failing == method)
        {
            return Some(Err(self.failing.remove(at).1));
        }
        let outcome = Request::deserialize(json!({ "method": method, "params": params }))
            .map_err(|error| AmazonError::new("ValidationException", &error.to_string()))
            .and_then(|request| self.carry_out(request, now));
        Some(outcome)
    }

    fn carry_out(&mut self, request: Request, now: Timestamp) -> Outcome<Value> {
        match request {
            Request::AcceptContact { contact_id } => self.accept(&contact_id, now)?,
            Request::RejectContact { contact_id } => reject(self.contact_of(&contact_id)?, now)?,
            Request::ClearContact { contact_id } | Request::CompleteContact { contact_id } => {
                self.clear(&contact_id)?;
            }
            Request::DestroyConnection {
                contact_id,
                connection_id,
            } => {
                self.destroy(&contact_id, &connection_id, now)?;
            }
            Request::HoldConnection {
                contact_id,
                connection_id,
            } => {
                hold(self.contact_of(&contact_id)?, &connection_id, now)?;
            }
            Request::ResumeConnection {
                contact_id,
                connection_id,
            } => {
                resume(self.contact_of(&contact_id)?, &connection_id, now)?;
            }
            Request::MuteParticipant {
                contact_id,
                connection_id,
            } => {
                mute(self.contact_of(&contact_id)?, &connection_id, true)?;
            }
            Request::UnmuteParticipant {
                contact_id,
                connection_id,
            } => {
                mute(self.contact_of(&contact_id)?, &connection_id, false)?;
            }
            Request::SendDigits {
                contact_id,
                connection_id,
                digits,
            } => {
                send_digits(self.contact_of(&contact_id)?, &connection_id, &digits)?;
            }
            Request::CreateAdditionalConnection {
                contact_id,
                endpoint,
            } => {
                self.consult(&contact_id, &endpoint, now)?;
            }
            Request::ToggleActiveConnections {
                contact_id,
                connection_id,
            } => {
                toggle(self.contact_of(&contact_id)?, &connection_id, now)?;
            }
            Request::ConferenceConnections { contact_id } => {
                conference(self.contact_of(&contact_id)?, now)?;
            }
            Request::CreateOutboundContact { endpoint, queue } => {
                self.dial(&endpoint, &queue, now)?;
            }
            Request::PutAgentState {
                state,
                enqueue_next_state,
            } => {
                self.choose(&state, enqueue_next_state, now)?;
            }
            Request::GetEndpoints {
                queues,
                next_token,
                max_results,
            } => {
                return quick_connects(&queues, next_token.as_deref(), max_results);
            }
            Request::UpdateAgentConfiguration { configuration } => self.configure(&configuration),
        }
        self.settle(now);
        Ok(json!({}))
    }

    fn accept(&mut self, id: &str, now: Timestamp) -> Outcome {
        let contact = self.contact_of(id)?;
        refuse_unless(
            can_be_taken(contact),
            "Cannot accept contact: Invalid contact state.",
        )?;
        contact.accepted = true;
        if contact.kind == Kind::Callback {
            self.place_callback(id, now);
        }
        self.set_up_media(id, now);
        Ok(())
    }

    /// The call that was only announced: its connections are other ones.
    fn place_callback(&mut self, id: &str, now: Timestamp) {
        let mut own = self.own_connection(now);
        own.media = self.media("none");
        let endpoint = self.known(id).connections[1].endpoint.clone();
        let mut customer = self.party(ConnectionKind::Inbound, endpoint, now);
        customer.initial = true;
        let contact = self.known(id);
        contact.connections = vec![own, customer];
        contact.state.enter(ContactState::Connecting, now);
    }

    fn clear(&mut self, id: &str) -> Outcome {
        let is_over = !self.contact_of(id)?.is_live();
        refuse_unless(is_over, "Cannot clear contact: Invalid contact state.")?;
        self.contacts.retain(|contact| contact.id != id);
        Ok(())
    }

    fn destroy(&mut self, id: &str, connection: &str, now: Timestamp) -> Outcome {
        let contact = self.contact_of(id)?;
        let is_own = contact.own().id == connection;
        let is_connected = contact.state.kind == ContactState::Connected;
        let is_there = connection_of(contact, connection)?.is_live();
        refuse_unless(
            is_there,
            "Cannot destroy connection: Invalid connection state.",
        )?;

        if contact.kind == Kind::Monitoring {
            self.contacts.retain(|contact| contact.id != id);
        } else if contact.is_ringing() {
            refuse_unless(is_own, "Cannot destroy connection: Invalid contact state.")?;
            contact.end(ContactState::Error, Aftermath::Missed, now);
        } else if !is_connected || (is_own && contact.parties().count() < 2) {
            contact.end(ContactState::Ended, Aftermath::WrapUp, now);
        } else if is_own {
            for party in contact.parties_mut() {
                party.state.enter(ConnectionState::Connected, now);
            }
            contact.leave(ContactState::Ended, Aftermath::WrapUp, now);
        } else {
            connection_of(contact, connection)?
                .state
                .enter(ConnectionState::Disconnected, now);
            super::end_if_alone(contact, now);
        }
        Ok(())
    }

    fn consult(&mut self, id: &str, endpoint: &Endpoint, now: Timestamp) -> Outcome {
        let endpoint = endpoint.resolve()?;
        let third = self.party(ConnectionKind::Outbound, endpoint, now);
        let contact = self.contact_of(id)?;
        let fits = contact.state.kind == ContactState::Connected
            && contact.parties().next().is_some()
            && !contact.any_party(ConnectionState::Connecting);
        refuse_unless(fits, "Cannot add connection: Invalid contact state.")?;
        if !contact.has_room() {
            return Err(AmazonError::new(
                "QuotaExceededException",
                "Cannot add connection: Too many participants.",
            ));
        }
        for party in contact.parties_mut() {
            party.state.enter(ConnectionState::Hold, now);
        }
        contact.connections.push(third);
        Ok(())
    }

    fn dial(&mut self, endpoint: &Endpoint, queue: &str, now: Timestamp) -> Outcome {
        let resolved = endpoint.resolve()?;
        let Some(number) = endpoint.phone_number.clone() else {
            return Err(AmazonError::new(
                "BadEndpointException",
                "Endpoint is not a phone number.",
            ));
        };
        refuse_unless(
            self.contacts.is_empty(),
            "Cannot create outbound contact: Agent is handling a contact.",
        )?;
        if queue != instance::default_queue() {
            return Err(AmazonError::new(
                "ResourceNotFoundException",
                "Queue not found.",
            ));
        }
        let mut own = self.own_connection(now);
        own.media = self.media("audio_only");
        let mut callee = self.party(ConnectionKind::Outbound, resolved, now);
        callee.initial = true;
        let mut contact = self.contact(Kind::Outbound, vec![own, callee], now);
        contact.numbers = Some((number, "+49301234567".to_owned()));
        self.set_up_media(&contact.id, now);
        self.contacts.push(contact);
        Ok(())
    }

    fn choose(&mut self, state: &Value, as_next: bool, now: Timestamp) -> Outcome {
        let by_arn = |known: &Value| known["agentStateARN"] == state["agentStateARN"];
        let Some(mut state) = instance::states().into_iter().find(by_arn) else {
            return Err(AmazonError::new(
                "ResourceNotFoundException",
                "Agent state not found.",
            ));
        };
        let is_live = |contact: &Contact| contact.kind != Kind::Monitoring && contact.is_live();
        if !self.contacts.iter().any(is_live) {
            self.contacts.retain(Contact::is_live);
            self.next = None;
            self.chosen = state;
            return Ok(());
        }
        refuse_unless(
            as_next,
            "Cannot change agent state: Agent is handling a contact.",
        )?;
        self.next = match state["type"] == "routable" {
            true => None,
            false => {
                state["startTimestamp"] = now.to_string().into();
                Some(state)
            }
        };
        Ok(())
    }

    fn configure(&mut self, configuration: &Value) {
        self.phone = match (
            &configuration["softphoneEnabled"],
            &configuration["extension"],
        ) {
            (Value::Bool(false), Value::String(number)) => Phone::Desk(number.clone()),
            _ => Phone::Soft,
        };
    }

    fn contact_of(&mut self, id: &str) -> Outcome<&mut Contact> {
        self.find(id)
            .ok_or_else(|| AmazonError::new("ContactNotFoundException", "Contact not found."))
    }
}

fn can_be_taken(contact: &Contact) -> bool {
    // A desk phone is answered by hand.
    let here = contact.kind == Kind::Callback || contact.own().media.is_some();
    contact.is_ringing() && here
}

fn reject(contact: &mut Contact, now: Timestamp) -> Outcome {
    refuse_unless(
        can_be_taken(contact),
        "Cannot reject contact: Invalid contact state.",
    )?;
    contact.end(ContactState::Error, Aftermath::Missed, now);
    Ok(())
}

fn hold(contact: &mut Contact, connection: &str, now: Timestamp) -> Outcome {
    party_in(
        contact,
        connection,
        ConnectionState::Connected,
        "Cannot put call on hold",
    )?
    .state
    .enter(ConnectionState::Hold, now);
    Ok(())
}

fn resume(contact: &mut Contact, connection: &str, now: Timestamp) -> Outcome {
    // Without conferences of many, nobody joins a call by being resumed: that is what
    // `conferenceConnections` is for.
    let would_join = !contact.many && contact.any_party(ConnectionState::Connected);
    let party = party_in(
        contact,
        connection,
        ConnectionState::Hold,
        "Cannot resume call",
    )?;
    refuse_unless(!would_join, "Cannot resume call: Invalid contact state.")?;
    party.state.enter(ConnectionState::Connected, now);
    Ok(())
}

fn mute(contact: &mut Contact, connection: &str, muted: bool) -> Outcome {
    let is_connected = contact.state.kind == ContactState::Connected;
    let connection = connection_of(contact, connection)?;
    refuse_unless(
        is_connected && connection.is_live() && !connection.forced_mute,
        "Cannot mute participant: Invalid participant state.",
    )?;
    connection.mute = muted;
    Ok(())
}

fn send_digits(contact: &mut Contact, connection: &str, digits: &str) -> Outcome {
    party_in(
        contact,
        connection,
        ConnectionState::Connected,
        "Cannot send digits",
    )?;
    let are_keys = !digits.is_empty() && digits.bytes().all(|b| b"0123456789*#,".contains(&b));
    match are_keys {
        true => Ok(()),
        false => Err(AmazonError::new(
            "ValidationException",
            "Not the keys of a phone.",
        )),
    }
}

fn toggle(contact: &mut Contact, connection: &str, now: Timestamp) -> Outcome {
    let fits = contact.state.kind == ContactState::Connected
        && contact.parties().count() == 2
        && contact.any_party(ConnectionState::Hold)
        && !contact.any_party(ConnectionState::Connecting);
    refuse_unless(fits, "Cannot toggle connections: Invalid contact state.")?;
    connection_of(contact, connection)?;
    // The library names the one that is on hold.
    for party in contact.parties_mut() {
        let state = match party.id == connection {
            true => ConnectionState::Connected,
            false => ConnectionState::Hold,
        };
        party.state.enter(state, now);
    }
    Ok(())
}

fn conference(contact: &mut Contact, now: Timestamp) -> Outcome {
    let fits = contact.state.kind == ContactState::Connected
        && contact.parties().count() >= 2
        && contact.any_party(ConnectionState::Hold)
        && !contact.any_party(ConnectionState::Connecting);
    refuse_unless(
        fits,
        "Cannot conference connections: Invalid contact state.",
    )?;
    for party in contact.parties_mut() {
        party.state.enter(ConnectionState::Connected, now);
    }
    Ok(())
}

fn quick_connects(queues: &[String], token: Option<&str>, most: usize) -> Outcome<Value> {
    let known = instance::queues();
    if queues.is_empty() || !queues.iter().all(|queue| known.contains(queue)) {
        return Err(AmazonError::new(
            "ResourceNotFoundException",
            "Queue not found.",
        ));
    }
    let (page, next) = instance::quick_connects(token, most)
        .ok_or_else(|| AmazonError::new("PaginationException", "Not a token."))?;
    Ok(json!({ "endpoints": page, "nextToken": next }))
}

fn connection_of<'a>(contact: &'a mut Contact, id: &str) -> Outcome<&'a mut Connection> {
    let connection = contact
        .connections
        .iter_mut()
        .find(|connection| connection.id == id);
    connection.ok_or_else(|| AmazonError::new("ResourceNotFoundException", "Connection not found."))
}

/// Somebody else's connection in this state, of a contact that is connected.
fn party_in<'a>(
    contact: &'a mut Contact,
    id: &str,
    state: ConnectionState,
    what: &str,
) -> Outcome<&'a mut Connection> {
    let is_connected = contact.state.kind == ContactState::Connected;
    refuse_unless(is_connected, &format!("{what}: Invalid contact state."))?;
    let is_own = contact.own().id == id;
    let connection = connection_of(contact, id)?;
    let fits = !is_own && connection.state.kind == state;
    refuse_unless(fits, &format!("{what}: Invalid connection state."))?;
    Ok(connection)
}

fn refuse_unless(condition: bool, message: &str) -> Outcome {
    match condition {
        true => Ok(()),
        false => Err(AmazonError::new("InvalidStateException", message)),
    }
}

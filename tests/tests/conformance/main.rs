//! One suite of conversations that both connectors have to pass: the practice centre, and the connector to
//! Amazon Connect before a stand-in of it. What differs is a mistake of the practice centre.
#![cfg(target_os = "linux")]

mod conversations;
mod offered_again;
mod stage;
mod subject;

use stage::Stage;
use subject::{Connected, Practised};

macro_rules! suite {
    ($($conversation:ident),* $(,)?) => {
        mod practice {
            use super::*;
            $(#[test]
            fn $conversation() {
                conversations::$conversation(&mut Stage::new(Practised::open()));
            })*
        }

        mod amazon {
            use super::*;
            $(#[test]
            fn $conversation() {
                conversations::$conversation(&mut Stage::new(Connected::open()));
            })*
        }
    };
}

suite! {
    a_call_is_answered_held_resumed_hung_up_and_cleared,
    a_call_that_nobody_answers_is_missed,
    a_call_is_rejected,
    the_caller_gives_up_while_it_rings,
    the_customer_hangs_up,
    a_dialled_party_answers_and_is_hung_up_on,
    a_dialled_party_is_busy,
    a_dialled_party_does_not_answer,
    dialling_is_given_up,
    a_quick_connect_without_a_number_cannot_be_dialled,
    a_consultation_is_swapped_joined_and_left,
    a_held_party_is_resumed_during_a_consultation,
    a_consulted_party_is_hung_up_on,
    a_consulted_party_hangs_up,
    a_consulted_party_does_not_answer,
    the_customer_leaves_a_consultation,
    everybody_is_held_and_resumed_in_a_conference,
    a_further_party_is_called_from_a_conference,
    a_call_with_three_parties_is_ended_as_a_whole,
    the_agent_chooses_states,
    a_state_that_nobody_knows_is_refused,
    a_next_state_follows_the_call,
    a_next_state_is_withdrawn,
    a_state_chosen_in_wrap_up_clears_the_contact,
    a_state_chosen_after_a_missed_call_clears_it,
    the_microphone_is_muted_and_opened,
    without_a_call_everything_about_calls_is_refused,
    a_ringing_call_refuses_what_needs_a_connected_one,
    a_connected_call_refuses_what_it_does_not_allow,
    wrap_up_refuses_all_but_clearing,
    the_whole_state_is_told_at_every_stage,
    what_is_no_request_of_ours_is_passed_by,
}

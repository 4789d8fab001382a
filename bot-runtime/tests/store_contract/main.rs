//! What every store must do: one suite, run for each of them. A third one needs a line in each of the two lists below.
#![allow(clippy::unwrap_used, reason = "a test ends where something is wrong")]
mod arrivals;
mod commits;
mod edits;
mod erasure;
mod harness;
mod links;
mod memos;
mod model;
mod outbox;
mod shared;
mod threads;
mod tickets;
mod traces;
mod views;

/// Runs each case with a new store of each kind.
macro_rules! for_every_store {
    ($($part:ident: $($case:ident)+;)+) => {
        mod memory {
            $($(#[tokio::test] async fn $case() {
                crate::$part::$case(bot_runtime::store::MemoryStore::new()).await;
            })+)+
        }
        mod sqlite {
            $($(#[tokio::test] async fn $case() {
                let file = crate::harness::StoreFile::new();
                crate::$part::$case(file.open()).await;
            })+)+
        }
    };
}

for_every_store! {
    arrivals:
        what_arrives_waits_in_its_conversation
        a_second_arrival_changes_nothing
        who_waits_longest_is_ready_first_and_each_once
        an_inbox_is_loaded_in_parts
        a_customer_is_told_of_when_they_are_news
        failed_turns_are_counted;
    edits:
        edits_find_their_message
        a_turn_with_the_old_text_does_not_fit_any_more;
    commits:
        a_commit_stores_all_of_it
        a_commit_that_does_not_fit_changes_nothing
        a_commit_ends_only_its_own_items
        a_timer_fires_once
        timers_are_moved_and_taken_back;
    outbox:
        entries_go_out_in_order
        the_answer_of_an_entry_comes_in
        what_is_tried_again_holds_up_only_what_is_behind_it
        what_the_dead_have_taken_is_in_doubt
        who_leaves_has_nothing_taken
        settling_twice_is_no_error
        takes_as_many_as_wanted;
    traces:
        a_customers_message_is_what_they_said
        a_message_without_an_event_is_dropped
        a_message_that_was_edited_meanwhile_keeps_its_name
        an_agents_message_is_what_they_did
        what_is_delivered_has_its_messages_and_its_fate
        the_worst_of_several_deliveries_counts
        parts_follow_each_other
        traces_are_read_on_from_where_one_was
        what_is_erased_leaves_no_trace
        fates_are_known_as_long_as_keys;
    threads:
        a_thread_is_found_by_what_it_shows_and_where_it_is
        what_a_desk_shows_are_twins_of_the_events
        threads_of_the_forgotten_are_stale
        threads_outlive_their_conversations;
    links:
        the_older_one_goes_on_with_all_of_both
        who_is_linked_is_answered_where_they_wrote_last
        a_code_is_good_once_and_not_for_long
        what_a_person_or_an_action_has_is_not_linked
        closed_tickets_and_threads_come_along
        who_is_forgotten_is_forgotten_everywhere
        a_turn_of_either_that_has_begun_does_not_fit;
    memos:
        memos_are_kept_under_their_names
        what_can_not_be_read_is_kept_once;
    tickets:
        a_ticket_gets_its_number_and_its_place
        a_ticket_goes_its_way
        tickets_are_listed_by_urgency;
    erasure:
        forgetting_leaves_the_receipt
        what_was_written_since_is_not_forgotten
        what_is_forgotten_is_not_sent
        only_what_nothing_waits_for_expires
        keys_outlive_their_conversations;
    views:
        events_are_read_on_from_where_one_was
        conversations_are_listed_by_their_last_activity
        what_changes_is_told
        after_closing_everything_fails;
}

/// Runs each case with a place that several stores can share.
macro_rules! for_every_shared_store {
    ($($case:ident)+) => {
        mod sqlite_shared {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)] async fn $case() {
                let file = crate::harness::StoreFile::new();
                crate::shared::$case(|| file.open()).await;
            })+
        }
    };
}

for_every_shared_store! {
    what_one_process_stores_the_other_sees
    what_one_desk_keeps_the_other_knows
    the_loser_of_a_race_stores_nothing
    nothing_is_taken_twice
    no_commit_is_lost
    each_arrival_counts_once
    each_timer_fires_once
}

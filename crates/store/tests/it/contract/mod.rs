//! What any engine must do, whatever keeps the rows. Each test is generic over [`Engine`]; `suite!` runs them all for one.

pub(crate) mod clients;
pub(crate) mod durability;
pub(crate) mod families;
pub(crate) mod groups;
pub(crate) mod neighbours;
pub(crate) mod people;
pub(crate) mod races;
pub(crate) mod records;
pub(crate) mod sessions;
pub(crate) mod ways;

use model::Timestamp;
use store::Store;

/// A way to have a fresh store, and to lose it.
pub(crate) trait Engine: Sized {
    /// A new store whose queue holds `queue_max` change sets.
    fn with_queue(queue_max: usize) -> Self;
    /// A new store.
    fn create() -> Self {
        Self::with_queue(4096)
    }
    fn store(&self) -> &Store;
    /// Closed and opened again.
    fn restart(self, now: Timestamp) -> Self;
    /// As after a power cut at this moment: only what is on the disk is left.
    fn crash(self) -> Self;
}

macro_rules! suite {
    ($engine:ident) => {
        $crate::contract::suite! { $engine;
            people {
                everything_about_a_person_comes_back_as_it_was
                what_a_person_holds_is_theirs_alone
                a_disabled_person_starts_nothing
                a_person_holds_only_so_many_passkeys
                the_last_passkey_goes_only_when_that_was_said
                links_from_before_do_not_come_back_with_the_last_passkeys_end
                another_persons_passkey_is_out_of_reach
                a_use_is_noted
                a_pass_is_spent_once_and_in_time
                a_pass_is_no_way_past_a_passkey
                a_lost_change_set_writes_nothing
                pages_of_persons_follow_each_other
            }
            clients {
                a_client_comes_back_as_it_was
                a_client_id_is_used_once
                keys_are_published_then_active_then_retired
                a_withdrawn_key_is_gone_at_once_and_whoever_watches_hears_it
            }
            families {
                a_family_comes_back_as_it_was
                rotation_asks_for_the_present_generation
                a_revoked_family_stays_revoked
                a_family_revoked_before_it_began_never_begins
                consent_is_replaced_and_forgotten_with_its_families
                ended_families_are_forgotten_a_day_later
                the_applications_of_a_person_are_one_row_each
            }
            sessions {
                a_session_lives_until_it_is_ended
                all_sessions_of_a_person_or_passkey_end_together
                a_session_ends_by_time_and_by_disuse
                the_last_use_survives_a_restart
                an_act_requires_a_live_session
                expired_sessions_are_forgotten
            }
            groups {
                nothing_is_answered_or_seen_before_it_is_durable
                a_lost_change_set_leaves_its_group_alone
                a_full_queue_refuses_at_once
                an_event_is_one_row_in_the_order_given
                dropping_the_answer_takes_nothing_back
            }
            races {
                one_of_many_rotations_wins
                one_of_two_passes_binds_a_passkey
                one_of_two_people_gets_the_name
                one_of_many_uses_of_an_assertion_or_a_code_counts
            }
            records {
                a_record_is_durable_soon_and_comes_back_as_it_was
                old_records_and_passes_are_forgotten
                records_ride_with_change_sets
                a_full_buffer_refuses_at_once
                records_are_found_by_pseudonym
            }
            ways {
                a_password_is_replaced_only_as_it_was_read
                a_one_time_code_counts_once
                a_recovery_code_is_spent_once_and_a_new_set_replaces_the_old
                an_answer_to_the_invitation_counts_once
                a_counter_is_written_over_what_was_read
                a_notice_goes_out_once_and_marks_its_passkey
                a_given_up_notice_marks_nothing
                groups_change_and_weak_sessions_end
            }
            neighbours {
                a_device_is_answered_and_redeemed_once
                a_late_answer_to_a_device_is_lost
                devices_of_one_client_leave_room_for_others
                an_assertion_is_spent_once_also_after_a_restart
                a_revoked_token_is_known_at_once_and_forgotten_when_it_has_expired
                a_client_is_replaced_and_removed_with_what_hangs_on_it
                details_of_a_grant_come_back
                registering_uses_a_token_up
                an_imported_subject_is_one_persons_alone
                a_receipt_is_kept_once_and_counted
                a_session_takes_its_grants_along
                the_ground_moves_when_something_is_taken_away
            }
            durability {
                what_was_confirmed_survives_a_restart
                what_was_confirmed_survives_a_crash
                a_crash_between_groups_keeps_the_chain
            }
        }
    };
    ($engine:ident; $($module:ident { $($test:ident)+ })+) => {
        $(mod $module {
            $(#[test]
            fn $test() {
                $crate::contract::$module::$test::<super::$engine>();
            })+
        })+
    };
}
pub(crate) use suite;

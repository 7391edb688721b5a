package eventbridge

// archiveStates lists AWS's (API reference, Archive). Here an archive is always enabled.
var archiveStates = []string{enabled, disabled, "CREATING", "UPDATING", "CREATE_FAILED", "UPDATE_FAILED"}

func checkArchive(description string, retention int) error {
	if retention < 0 {
		return validation("1 validation error detected: Value '%d' at 'retentionDays' failed to satisfy constraint: Member must have value greater than or equal to 0", retention)
	}
	return checkLength("description", description, maxDescription)
}

// check validates an update. Source: LocalStack's test_update_archive_error_unknown_archive, validated against AWS.
func (in *UpdateArchiveInput) check() error {
	if in.EventPattern == "" && in.RetentionDays == nil && in.Description == nil {
		return validation("At least one of EventPattern, RetentionDays or Description must be provided.")
	}
	description, retention := "", 0
	if in.Description != nil {
		description = *in.Description
	}
	if in.RetentionDays != nil {
		retention = *in.RetentionDays
	}
	return checkArchive(description, retention)
}

// check validates a selection: "Filter parameters are exclusive" (API reference, ListArchives and ListReplays).
func (in *ListArchivesInput) check() error {
	if err := exclusive(in.NamePrefix, in.EventSourceArn, in.State); err != nil {
		return err
	}
	return checkState(in.State, archiveStates...)
}

func exclusive(filters ...string) error {
	given := 0
	for _, filter := range filters {
		if filter != "" {
			given++
		}
	}
	if given > 1 {
		return validation("At most one filter is allowed: State, EventSourceArn or NamePrefix.")
	}
	return nil
}

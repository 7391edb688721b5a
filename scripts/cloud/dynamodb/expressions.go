package dynamodb

// expressions holds the members that all writes share.
type expressions struct {
	ConditionExpression                 *string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           Item
	ReturnValuesOnConditionCheckFailure string
}

// prepare parses the expressions of a write, whether it is a single one or part of a transaction.
func (e expressions) prepare(w write, update *string) (write, error) {
	s, err := newScope(e.ExpressionAttributeNames, e.ExpressionAttributeValues)
	if err != nil {
		return w, err
	}
	w.showOld = e.ReturnValuesOnConditionCheckFailure == "ALL_OLD"
	members := "ConditionExpression is"
	if w.verb == verbUpdate {
		members = "UpdateExpression and ConditionExpression are"
		if w.update, err = parse(s, "UpdateExpression", update, (*parser).update); err != nil {
			return w, err
		}
	}
	if w.condition, err = parse(s, "ConditionExpression", e.ConditionExpression, (*parser).condition); err != nil {
		return w, err
	}
	return w, s.finish(members)
}

// shown checks ReturnValuesOnConditionCheckFailure, which prefix leads to.
func (e expressions) shown(prefix string) string {
	return oneOf(prefix+"returnValuesOnConditionCheckFailure", e.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE")
}

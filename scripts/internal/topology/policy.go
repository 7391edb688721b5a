package topology

// Policy is an IAM policy document.
type Policy struct {
	Version   string
	Statement []Statement
}

// Statement allows actions. Troupe's policies need no deny statements.
type Statement struct {
	Sid       string `json:",omitempty"`
	Effect    string
	Principal map[string]string `json:",omitempty"`
	Action    []string
	Resource  []string                       `json:",omitempty"`
	Condition map[string]map[string][]string `json:",omitempty"`
}

func policy(statements ...Statement) Policy {
	return Policy{Version: "2012-10-17", Statement: statements}
}

func allow(sid string, resources []string, actions ...string) Statement {
	return Statement{Sid: sid, Effect: "Allow", Action: actions, Resource: resources}
}

// admit lets an AWS service send to a queue, but only for the given rules or topics.
func admit(sid, principal, queue string, sources []string) Statement {
	statement := allow(sid, []string{queue}, "sqs:SendMessage")
	statement.Principal = map[string]string{"Service": principal}
	statement.Condition = map[string]map[string][]string{"ArnEquals": {"aws:SourceArn": sources}}
	return statement
}

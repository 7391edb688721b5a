package dynamodb

import (
	"strings"

	"example.com/localcloud/wire"
)

// The lengths of a name of a table or index.
const (
	minTableName = 3
	maxTableName = 255
)

// named says that a name is too short, too long or has a character that no name has.
func named(member, name string, low int) string {
	if strings.TrimFunc(name, isNameRune) != "" {
		return violation(quoted(name), member, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
	return ofLength(member, name, low, maxTableName)
}

func isNameRune(r rune) bool { return isWordRune(r) || r == '.' || r == '-' }

// tableNamed is like named for a member that may also hold an ARN, which localName judges. An empty name has its own
// limit (paritysuite/dynamodb-conformance, tier 3, PutItem).
func tableNamed(member, nameOrARN string) string {
	switch {
	case nameOrARN == "":
		return ofLength(member, "", 1, maxTableName)
	case isARN(nameOrARN):
		return ""
	}
	return named(member, nameOrARN, minTableName)
}

func isARN(text string) bool { return strings.HasPrefix(text, "arn:") }

// localName returns the name of a table that is given by name or ARN. Other ARNs are refused as AWS refuses them:
// those of something else (scylladb/scylladb, test_tag_lsi_gsi; ExtendDB/extenddb#200), of another region
// (hashicorp/terraform-provider-aws#42792), and of another account, which no resource policy here can allow.
func localName(nameOrARN string) (string, error) {
	if !isARN(nameOrARN) {
		return nameOrARN, nil
	}
	parts := strings.SplitN(nameOrARN, ":", 6)
	name, isTable := strings.CutPrefix(parts[len(parts)-1], "table/")
	switch {
	case len(parts) < 6, !isTable, parts[1] != "aws", parts[2] != "dynamodb", named("", name, minTableName) != "":
		return "", invalid("Invalid TableArn: Invalid ResourceArn provided as input %s", nameOrARN)
	case parts[3] != wire.Region:
		return "", invalid("1 validation error detected: Invalid AWS region in '%s'", nameOrARN)
	case parts[4] != wire.Account:
		return "", wire.Errorf(codeDenied, "No resource-based policy allows access to %s: the local cloud has only the account %s", nameOrARN, wire.Account)
	}
	return name, nil
}

// tableARN returns the ARN of a table that is given by name or ARN.
func tableARN(nameOrARN string) string {
	if isARN(nameOrARN) {
		return nameOrARN
	}
	return wire.ARN("dynamodb", "table/"+nameOrARN)
}

var errNoTable = wire.Errorf(codeNotFound, "Requested resource not found")

func noTable(nameOrARN string) error {
	name, _ := localName(nameOrARN)
	return wire.Errorf(codeNotFound, "Requested resource not found: Table: %s not found", name)
}

func noResource(arn string) error {
	return wire.Errorf(codeNotFound, "Requested resource not found: ResourcArn: %s not found", arn)
}

// instead returns err, but named if err only says that there is no table.
func instead(err, named error) error {
	if err == errNoTable {
		return named
	}
	return err
}

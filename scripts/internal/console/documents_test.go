package console_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/console"
)

type documents struct {
	Documents []struct {
		Key, Version string
		Body         map[string]any
	}
	More bool
}

// TestDocuments checks that documents are found by their prefix, and nothing else that is in the table.
func TestDocuments(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *console.Options) { o.Payloads = true })
	service := ""
	for name := range p.target.Tables {
		service = name
	}
	if service == "" {
		t.Fatal("no service of the fixture has a table")
	}
	table := p.target.Tables[service]
	client := dynamodb.NewFromConfig(p.target.Config)
	for i := range 60 {
		for _, kind := range []string{"doc#buoy/%02d", "inbox#buoy/%02d", "doc#ship/%02d"} {
			item := map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: fmt.Sprintf(kind, i)}, "version": &types.AttributeValueMemberN{Value: "3"}, "body": &types.AttributeValueMemberS{Value: `{"lit": true}`},
			}
			if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		prefix string
		n      int
		more   bool
		first  string
	}{
		{"", 50, true, "buoy/00"}, {"ship/", 50, true, "ship/00"}, {"buoy/1", 10, false, "buoy/10"}, {"buoy/07", 1, false, "buoy/07"}, {"inbox", 0, false, ""},
	} {
		var found documents
		p.ask("GET", "/api/documents/"+service+"?prefix="+test.prefix, "", &found)
		if len(found.Documents) != test.n || found.More != test.more {
			t.Errorf("%q: %d documents, more is %t", test.prefix, len(found.Documents), found.More)
			continue
		}
		if test.n > 0 && (found.Documents[0].Key != test.first && !test.more || found.Documents[0].Version != "3" || found.Documents[0].Body["lit"] != true) {
			t.Errorf("%q: the first is %+v", test.prefix, found.Documents[0])
		}
	}
	if got := p.ask("GET", "/api/documents/nobody", "", nil); got != http.StatusNotFound {
		t.Errorf("a service without documents: status %d", got)
	}
	p = play(t, func(o *console.Options) { o.Payloads = false })
	if got := p.ask("GET", "/api/documents/"+service, "", nil); got != http.StatusNotFound {
		t.Errorf("while payloads are hidden: status %d", got)
	}
}

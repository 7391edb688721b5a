package logs_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cwl "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/localcloud/journal"
	"example.com/localcloud/logs"
)

// open returns a client of a service with a budget, whose state is in a folder, and what closes both.
func open(t *testing.T, folder string, budget int) (*cwl.Client, func()) {
	t.Helper()
	kept, err := journal.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	service := logs.New()
	service.Budget = budget
	if err := service.Restore(kept); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(service.Wire())
	client := cwl.New(cwl.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	return client, func() {
		server.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	}
}

// search returns the messages of all pages.
func search(t *testing.T, client *cwl.Client, in *cwl.FilterLogEventsInput) (messages []string) {
	t.Helper()
	for pages := cwl.NewFilterLogEventsPaginator(client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			messages = append(messages, *e.Message)
		}
	}
	return messages
}

// numbered returns n messages of 1000 bytes, each after its number.
func numbered(n int) (messages []string) {
	for i := range n {
		messages = append(messages, fmt.Sprintf("%04d ", i)+strings.Repeat("x", 995))
	}
	return messages
}

// TestLetGo writes more than the budget and checks that the talkative group has lost its oldest events and says so,
// however it is read, that the quiet one has lost nothing, and that a restart brings nothing back.
func TestLetGo(t *testing.T) {
	const budget = 100_000
	folder := t.TempDir()
	client, stop := open(t, folder, budget)
	create(t, client, "/quiet")
	write(t, client, "/quiet", "s", 1, "one", "two")
	create(t, client, "/talkative")
	write(t, client, "/talkative", "s", 1, numbered(250)...)
	write(t, client, "/talkative", "other", 300, "last")

	check := func(client *cwl.Client, budget int) int {
		t.Helper()
		groups, err := client.DescribeLogGroups(t.Context(), &cwl.DescribeLogGroupsInput{})
		if err != nil {
			t.Fatal(err)
		}
		stored := int(*groups.LogGroups[0].StoredBytes + *groups.LogGroups[1].StoredBytes)
		if stored > budget || stored < budget/2 {
			t.Errorf("%d bytes are stored, want at most %d and not much less", stored, budget)
		}
		found := search(t, client, &cwl.FilterLogEventsInput{LogGroupName: aws.String("/talkative")})
		gone := 250 + 1 - (len(found) - 1)
		if want := fmt.Sprintf("local cloud: %d events up to 1970-01-01T00:0", gone); !strings.HasPrefix(found[0], want) || !strings.Contains(found[0], "MB of logs") {
			t.Errorf("it begins with %q, want %q", found[0], want)
		}
		for i, message := range found[1 : len(found)-1] {
			if want := numbered(250)[gone+i]; message != want {
				t.Fatalf("event %d is %.20s, want %.20s", i, message, want)
			}
		}
		for name, in := range map[string]*cwl.FilterLogEventsInput{
			"pattern": {LogGroupName: aws.String("/talkative"), FilterPattern: aws.String("0000")},
			"stream":  {LogGroupName: aws.String("/talkative"), LogStreamNames: []string{"none"}},
			"past":    {LogGroupName: aws.String("/talkative"), EndTime: aws.Int64(int64(gone) * 1000)},
			"pages":   {LogGroupName: aws.String("/talkative"), EndTime: aws.Int64(int64(gone) * 1000), Limit: aws.Int32(1)},
		} {
			if got := search(t, client, in); len(got) != 1 || got[0] != found[0] {
				t.Errorf("%s: %.200q, want the note", name, got)
			}
		}
		if got := search(t, client, &cwl.FilterLogEventsInput{LogGroupName: aws.String("/talkative"), StartTime: aws.Int64(300_000)}); len(got) != 1 || got[0] != "last" {
			t.Errorf("after what is gone: %.200q", got)
		}
		one, err := client.GetLogEvents(t.Context(), &cwl.GetLogEventsInput{LogGroupName: aws.String("/talkative"), LogStreamName: aws.String("other")})
		if err != nil || len(one.Events) != 2 || *one.Events[0].Message != found[0] {
			t.Errorf("a stream: %v, %v", one, err)
		}
		if got := search(t, client, &cwl.FilterLogEventsInput{LogGroupName: aws.String("/quiet")}); len(got) != 2 {
			t.Errorf("the quiet group holds %.200q", got)
		}
		return gone
	}
	before := check(client, budget)
	stop()
	client, stop = open(t, folder, budget)
	if after := check(client, budget); after < before || after > before+budget/10_000 { // it may make room for a portion
		t.Errorf("%d events are gone after a restart, %d before", after, before)
	}
	stop()
	client, stop = open(t, folder, budget/2)
	defer stop()
	if after := check(client, budget/2); after <= before {
		t.Errorf("with half the budget, %d events are gone, and %d with all of it", after, before)
	}
}

// TestLetGoOnDisk writes far more than the budget and checks that the data folder doesn't grow with it.
func TestLetGoOnDisk(t *testing.T) {
	folder := t.TempDir()
	kept, err := journal.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	service := logs.New()
	service.Budget = 100_000
	if err := service.Restore(kept); err != nil {
		t.Fatal(err)
	}
	written := 0
	for _, line := range numbered(9999) {
		service.Append("/g", "s", line, line, line)
		written += 3 * len(line)
		if err := kept.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.Stat(filepath.Join(folder, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	if file.Size() > int64(written)/3 { // it is compacted from 8 MB on
		t.Errorf("%d bytes were written, and %d are on disk", written, file.Size())
	}
}

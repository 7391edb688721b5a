package codegen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/rename"
)

// program decodes each example into its Go type, and prints what that encodes to.
const program = `package main

import (
	"encoding/json"
	"fmt"
	"os"

	"example.com/troupe/events"
	station "example.com/troupe/events/station"
)

func main() {
	decode := map[string]func([]byte) (events.Event, error){
%s	}
	for arguments := os.Args[1:]; len(arguments) > 0; arguments = arguments[2:] {
		data, _ := os.ReadFile(arguments[1])
		event, err := decode[arguments[0]](data)
		if err != nil {
			fmt.Println("decode", arguments[1], err)
			os.Exit(1)
		}
		out, err := json.Marshal(map[string]any{"subject": event.Subject(), "data": event, "schema": json.RawMessage(event.Contract().Schema)})
		if err != nil {
			fmt.Println("encode", arguments[1], err)
			os.Exit(1)
		}
		fmt.Println(string(out))
	}
}

func into[E events.Event](data []byte) (events.Event, error) {
	var event E
	err := json.Unmarshal(data, &event)
	return event, err
}
`

// TestCorpus generates Go for schemas of the kinds that public catalogues of events hold, compiles it, and decodes
// and encodes every example: nothing may get lost, and what is absent, null or empty must stay so.
func TestCorpus(t *testing.T) {
	root := t.TempDir()
	contract, err := filepath.Glob("../../../events/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range contract {
		if data, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if !strings.HasSuffix(file, "_test.go") {
			write(t, filepath.Join(root, "events", filepath.Base(file)), string(data))
		}
	}
	if err := os.CopyFS(root, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	module, err := rename.ModulePath("../../..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "go.mod"), "module "+module+"\n\ngo 1.26\n")
	if _, err := codegen.Write(root); err != nil {
		t.Fatal(err)
	}
	loaded, err := schema.Load(os.DirFS(filepath.Join(root, "events")))
	if err != nil {
		t.Fatal(err)
	}
	var decoders strings.Builder
	arguments := []string{"run", "."}
	var want, schemas []string
	for _, event := range loaded {
		fmt.Fprintf(&decoders, "\t\t%q: into[station.%s],\n", event.Type, event.Title)
		for _, example := range event.Examples {
			if err := schema.Validate(&event.Contract, example.Data); err != nil {
				t.Errorf("%s: %v", example.File, err)
			}
			arguments = append(arguments, event.Type, filepath.Join(root, "events", example.File))
			want, schemas = append(want, string(example.Data)), append(schemas, string(event.Schema))
		}
	}
	write(t, filepath.Join(root, "main.go"), fmt.Sprintf(program, decoders.String()))
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = root
	out, err := command.CombinedOutput()
	if err != nil {
		code, _ := os.ReadFile(filepath.Join(root, "events/station/events_gen.go"))
		t.Fatalf("%v\n%s\n%s", err, out, code)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var got struct {
			Subject string
			Data    any
			Schema  any
		}
		var original, contract any
		decode(t, []byte(schemas[i]), &contract)
		decode(t, []byte(line), &got)
		decode(t, []byte(want[i]), &original)
		if diff := cmp.Diff(original, got.Data) + cmp.Diff(contract, got.Schema); diff != "" || got.Subject == "" {
			t.Errorf("%s has the subject %q and is another document after Go (-want +got):\n%s", arguments[3+2*i], got.Subject, diff)
		}
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
}

// TestCorpusReadsWell holds the Go that the corpus's schemas become against what a person would write.
func TestCorpusReadsWell(t *testing.T) {
	files, err := codegen.Generate("testdata")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/events/station/events_gen.go"
	got := files["events/station/events_gen.go"]
	if os.Getenv("UPDATE") != "" {
		write(t, golden, string(got))
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

package usage_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/usage"
)

const code = `package quay

import (
	"fmt"

	lights "example.com/sea/events/lighthouse"
	"example.com/sea/events/front-stage"
	"example.com/sea/events/manifest/inner"
)

func (q *Quay) Lit(lit lights.LampLit) any {
	fmt.Println(lit.Candelas, inner.Word)
	return frontstage.ActEnded{ActID: lit.LampID}
}

func other() { fmt.Println("no event") }

func broken( {
`

func TestOf(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"services/harbour/internal/quay/quay.go":      code,
		"services/harbour/internal/quay/quay_test.go": strings.Replace(code, "Lit(", "Tested(", 1),
		"services/pilot/main.go":                      strings.Replace(code, "Lit(", "Pilot(", 1),
	} {
		at := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	functions, err := usage.Of(root, "harbour")
	if err != nil || len(functions) != 1 {
		t.Fatalf("found %+v, %v", functions, err)
	}
	lit := functions[0]
	if lit.Name != "Quay.Lit" || !lit.Mentions("lighthouse", "LampLit") || !lit.Mentions("front-stage", "ActEnded") || lit.Mentions("lighthouse", "ActEnded") {
		t.Errorf("got %+v", lit)
	}
	var made, fields []string
	for _, mention := range lit.Types {
		if mention.Literal {
			made = append(made, fmt.Sprint(mention.Name, " ", mention.At))
		}
	}
	for _, field := range lit.Fields {
		fields = append(fields, field.Name)
	}
	if !slices.Equal(made, []string{"ActEnded services/harbour/internal/quay/quay.go:13:9"}) || !slices.Contains(fields, "Candelas") || !slices.Contains(fields, "LampID") || !slices.Contains(fields, "ActID") {
		t.Errorf("it makes %q, with the fields %q", made, fields)
	}
	if functions, err := usage.Of(root, "gull"); err != nil || functions != nil {
		t.Errorf("a service without code: %v, %v", functions, err)
	}
}

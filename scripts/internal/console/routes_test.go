package console

import (
	"bytes"
	"testing"

	"example.com/troupe/scripts/internal/stack"
)

// TestProduct checks that the page has the name of the project, so that a renamed product's page has the new one.
func TestProduct(t *testing.T) {
	for project, want := range map[string]string{"clinic": "Clinic", "night-sky": "Night sky", "b2": "B2"} {
		if got := product(project); got != want {
			t.Errorf("%s is shown as %s, want %s", project, got, want)
		}
	}
	files, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	name := product(stack.Project)
	for _, want := range []string{"<title>" + name + "</title>", `<a class="brand" href="/">` + name + "</a>"} {
		if page := files["index.html"].content; !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
}

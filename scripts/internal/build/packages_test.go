package build

import (
	"fmt"
	"testing"
)

func TestPackages(t *testing.T) {
	p := &packages{}
	for _, step := range []struct{ text, state string }{
		{"go: downloading github.com/aws/smithy-go v1.25.1\n", "downloading github.com/aws/smithy-go"},
		{"internal/unsafe", "downloading github.com/aws/smithy-go"},
		{"header\ngithub.com/aws/smithy-go\n", "2 packages compiled"},
		{"# sea/services/gull\nservices/gull/main.go:3:15: undefined: fly\n", "2 packages compiled"},
		{"link: running gcc failed", "2 packages compiled"},
	} {
		fmt.Fprint(p, step.text)
		if got := p.String(); got != step.state {
			t.Errorf("after %q it is at %q, want %q", step.text, got, step.state)
		}
	}
	if got, want := p.rest(), "# sea/services/gull\nservices/gull/main.go:3:15: undefined: fly\nlink: running gcc failed\n"; got != want {
		t.Errorf("the errors are %q, want %q", got, want)
	}
}

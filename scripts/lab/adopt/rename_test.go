package adopt

import (
	"strings"
	"testing"
)

// TestRename renames the whole repository to several paths that sort differently, and checks each time that it
// compiles, is formatted and current, and that tests which depend on paths and names pass.
func TestRename(t *testing.T) {
	c := copied(t)
	for _, to := range []struct{ module, product string }{
		{"github.com/acme/theatre/v2", "acme-theatre"},
		{"theatre", "zoo"},
	} {
		c.run("go", "run", "./scripts/rename", "-module", to.module, "-project", to.product)
		c.commit()
		c.sound()
		c.run("go", "test", "./scripts/check", "./scripts/generate", "./scripts/internal/topology", "./scripts/internal/rename", "./scripts/console")
		c.run("go", "-C", "scripts/lab", "test", "./fixture")
	}
	left := c.run("git", "grep", "--fixed-strings", "--files-with-matches", "-e", "example.com/", "--", ":!scripts/cloud")
	for name := range strings.Lines(left) {
		if text := c.read(strings.TrimSpace(name)); strings.Contains(text, "example.com/"+"troupe") {
			t.Errorf("%s still has the old path", strings.TrimSpace(name))
		}
	}
	if output := c.run("go", "run", "./scripts/rename", "-module", "theatre"); !strings.HasPrefix(output, "0 files changed") {
		t.Errorf("renamed to the same name: %s", output)
	}
}

package adopt

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// In README.md, what is about the sample stands between these lines, and what is about the small service that takes its
// place in a comment that begins with the third.
var (
	sampleText  = regexp.MustCompile(`(?s)<!-- sample -->\n.*?<!-- /sample -->\n`)
	starterText = regexp.MustCompile(`(?s)<!-- without the sample\n(.*?)-->\n`)
	heading     = regexp.MustCompile(`^# .*\n`)
)

// adoptReadme makes the README the owner's: about their product, and without the sample.
func adoptReadme(root, project string) error {
	file := filepath.Join(root, "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read README: %w", err)
	}
	adopted := sampleText.ReplaceAllString(string(text), "")
	adopted = starterText.ReplaceAllString(adopted, "$1")
	adopted = heading.ReplaceAllString(adopted, "# "+cmp.Or(project, "Our services")+"\n")
	for strings.Contains(adopted, "\n\n\n") {
		adopted = strings.ReplaceAll(adopted, "\n\n\n", "\n\n")
	}
	return os.WriteFile(file, []byte(adopted), 0o644)
}

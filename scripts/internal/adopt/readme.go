package adopt

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// In README.md, text about the sample stands between the first two markers. Text about the starter service stands in
// a comment that begins with the third.
var (
	sampleText  = regexp.MustCompile(`(?s)<!-- sample -->\n.*?<!-- /sample -->\n`)
	starterText = regexp.MustCompile(`(?s)<!-- without the sample\n(.*?)-->\n`)
	heading     = regexp.MustCompile(`^# .*\n`)
)

// adoptReadme makes the README about the owner's product, without the sample.
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

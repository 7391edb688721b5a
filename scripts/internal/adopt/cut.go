package adopt

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/stories"
)

// cutStories cuts each story before the first line that may depend on a removed service, and deletes stories of which
// nothing is left. What the kept services do remains.
func cutStories(root string, files []string) error {
	if len(files) == 0 {
		return nil
	}
	services, err := manifest.Load(os.DirFS(root))
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return err
		}
		story, err := stories.Parse(file, text)
		if err != nil {
			return err
		}
		left := cut(story, string(text), services)
		if left == "" || kept[left] {
			if err := os.Remove(filepath.Join(root, file)); err != nil {
				return err
			}
			continue
		}
		kept[left] = true
		if err := os.WriteFile(filepath.Join(root, file), []byte("# "+title(story)+"\n"+left), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// title returns the title of a shortened story.
func title(story *stories.Story) string { return fmt.Sprintf("The beginning of: %s", story.Title) }

// cut returns the beginning of a story, with its files: a request to a service that still exists, and its response.
func cut(story *stories.Story, text string, services []*manifest.Manifest) string {
	var kept []string
	for _, line := range story.Lines {
		switch line.Verb {
		case "set", "time":
		case "request":
			if len(kept) > 0 && slices.ContainsFunc(kept, isRequest) || !served(line, services) {
				return finish(kept, text)
			}
		case "status", "answer", "header":
			if !slices.ContainsFunc(kept, isRequest) {
				return ""
			}
		default:
			return finish(kept, text)
		}
		kept = append(kept, line.Text)
	}
	return finish(kept, text)
}

func isRequest(line string) bool {
	return strings.HasPrefix(strings.TrimPrefix(line, "! "), "request ")
}

// served reports whether one of the services answers a request.
func served(line stories.Line, services []*manifest.Manifest) bool {
	for _, m := range services {
		if slices.Contains(m.HTTP, line.Args[0]+" "+line.Args[1]) {
			return true
		}
	}
	return false
}

func finish(kept []string, text string) string {
	if !slices.ContainsFunc(kept, isRequest) {
		return ""
	}
	files := ""
	if at := strings.Index(text, "\n-- "); at >= 0 {
		files = text[at:]
	}
	return strings.Join(append(kept, "settle"), "\n") + "\n" + files
}

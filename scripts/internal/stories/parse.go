package stories

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"golang.org/x/tools/txtar"
)

// Folders of stories, relative to the root of a checkout.
const (
	Folder     = "services/stories"
	DemoFolder = Folder + "/demo"
)

// Story is a parsed story.
type Story struct {
	Name  string // "declined", "demo/declined"
	File  string // "services/stories/declined.txtar"
	Title string // its first comment, on one line
	Lines []Line
	Files map[string]string
}

// Line is a verb with its arguments, unquoted but with variables not expanded.
type Line struct {
	Number int
	Text   string // as written
	Not    bool   // the verb is preceded by "!"
	Verb   string
	Args   []string
}

// Error is an error in a story or in its play, with its position.
type Error struct {
	File string
	Line int
	Text string // the line; "" if the error is about the whole file
	Err  error
}

func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d: %s: %v", e.File, e.Line, e.Text, e.Err)
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Demo reports whether make demo plays the story.
func (s *Story) Demo() bool { return path.Dir(s.File) == DemoFolder }

// Only reports whether the story has a requirement, such as "only local".
func (s *Story) Only(what string) bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Verb == "only" && slices.Contains(l.Args, what) })
}

// Configures reports whether the story sets services' settings, which only a local run does.
func (s *Story) Configures() bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Verb == "config" })
}

func (s *Story) wrong(line Line, err error) error {
	return &Error{File: s.File, Line: line.Number, Text: line.Text, Err: err}
}

// Choose returns the story with a name or, without a name, the first that fits; nil if none does. An unknown name is a mistake
// of the command line's -story.
func Choose(root, name string, fits func(*Story) bool) (*Story, error) {
	all, err := Load(root)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range all {
		if s.Name == name || name == "" && fits(s) {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if name != "" {
		return nil, cli.Usage("-story: there is no story %q: there are %s", name, strings.Join(names, ", "))
	}
	return nil, nil
}

// Load reads all stories of a checkout, demo stories first, otherwise sorted by name. A checkout may have none.
func Load(root string) ([]*Story, error) {
	folder := filepath.Join(root, filepath.FromSlash(Folder))
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		return nil, nil
	}
	var stories []*Story
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".txtar" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		story, err := Parse(filepath.ToSlash(name), data)
		stories = append(stories, story)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stories: %w", err)
	}
	slices.SortFunc(stories, func(a, b *Story) int {
		if a.Demo() != b.Demo() {
			return map[bool]int{true: -1, false: 1}[a.Demo()]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return stories, nil
}

// Parse parses a story. Its error is an *Error.
func Parse(file string, data []byte) (*Story, error) {
	archive := txtar.Parse(data)
	s := &Story{File: file, Name: strings.TrimSuffix(strings.TrimPrefix(file, Folder+"/"), ".txtar"), Files: map[string]string{}}
	for _, f := range archive.Files {
		s.Files[f.Name] = string(f.Data)
	}
	number := 0
	for text := range strings.Lines(string(archive.Comment)) {
		number++
		text = strings.TrimSpace(text)
		if comment, ok := strings.CutPrefix(text, "#"); ok && len(s.Lines) == 0 {
			s.Title = strings.TrimSpace(s.Title + " " + strings.TrimSpace(comment))
		}
		line := Line{Number: number, Text: text}
		words, err := split(text)
		if err != nil {
			return nil, s.wrong(line, err)
		}
		if len(words) > 0 && words[0] == "!" {
			line.Not, words = true, words[1:]
		}
		if len(words) == 0 {
			if line.Not {
				return nil, s.wrong(line, fmt.Errorf(`"!" must be followed by a verb`))
			}
			continue
		}
		line.Verb, line.Args = words[0], words[1:]
		if err := line.check(s); err != nil {
			return nil, s.wrong(line, err)
		}
		s.Lines = append(s.Lines, line)
	}
	if len(s.Lines) == 0 {
		return nil, &Error{File: file, Line: 1, Err: fmt.Errorf("the story has no verb; known are %s", strings.Join(verbNames(), ", "))}
	}
	return s, nil
}

// split splits a line into words. A word may be quoted entirely or in part; a # at the beginning of a word starts a
// comment.
func split(text string) (words []string, err error) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' && quoted && i+1 < len(text) && text[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case c == '\'':
			quoted, inWord = !quoted, true
		case quoted:
			word.WriteByte(c)
		case c == ' ' || c == '\t':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		case c == '#' && !inWord:
			return words, nil
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quotation mark is not closed")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

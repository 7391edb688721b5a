package process

import (
	"bufio"
	"slices"
	"strings"
	"testing"
)

// TestLines checks how output is split into lines: a line is whole up to maxLine, however long it is.
func TestLines(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name, written string
		lines         []string
	}{
		{"lines", "a\n\nb\n", []string{"a", "", "b"}},
		{"no end", "a\nb", []string{"a", "b"}},
		{"longer than usual", x(usualLine+1) + "\n" + x(5*usualLine) + "\nb\n", []string{x(usualLine + 1), x(5 * usualLine), "b"}},
		{"longer than usual, no end", x(3 * usualLine), []string{x(3 * usualLine)}},
		{"too long", x(maxLine+3) + "\nb\n", []string{x(maxLine), "xxx", "b"}},
	} {
		var got []string
		(&output{}).read(bufio.NewReaderSize(strings.NewReader(test.written), usualLine), func(line string) { got = append(got, line) })
		if !slices.Equal(got, test.lines) {
			t.Errorf("%s: %d lines of %v bytes", test.name, len(got), lengths(got))
		}
	}
}

func lengths(lines []string) (all []int) {
	for _, line := range lines {
		all = append(all, len(line))
	}
	return all
}

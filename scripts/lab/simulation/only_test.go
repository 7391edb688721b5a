package simulation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// only selects the faults that occur among those that a seed asks for, by their numbers from 1; nil means all.
type only []int

func (o only) has(n int) bool { return o == nil || slices.Contains(o, n) }

// String formats it for parseOnly.
func (o only) String() string {
	switch {
	case o == nil:
		return "all"
	case len(o) == 0:
		return "none"
	}
	numbers := make([]string, len(o))
	for i, n := range o {
		numbers[i] = strconv.Itoa(n)
	}
	return strings.Join(numbers, ",")
}

func parseOnly(text string) (only, error) {
	switch text {
	case "all":
		return nil, nil
	case "none":
		return only{}, nil
	}
	var o only
	for _, number := range strings.Split(text, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("faults are all, none or numbers as 3,17: %q", text)
		}
		o = append(o, n)
	}
	return o, nil
}

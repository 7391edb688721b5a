package scheduler

import (
	"cmp"
	"net/http"
	"regexp"
	"unicode/utf8"

	"example.com/localcloud/wire"
)

func validation(format string, args ...any) error {
	return wire.Errorf("ValidationException", format, args...)
}

func notFound(format string, args ...any) error {
	e := wire.Errorf("ResourceNotFoundException", format, args...)
	e.Status = http.StatusNotFound
	return e
}

func conflict(format string, args ...any) error {
	e := wire.Errorf("ConflictException", format, args...)
	e.Status = http.StatusConflict
	return e
}

// The forms of members. Source of these and of all lengths: AWS's model of the API (botocore, scheduler/2021-06-30).
var (
	nameForm  = regexp.MustCompile(`^[0-9a-zA-Z-_.]+$`)
	tokenForm = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)
	roleForm  = regexp.MustCompile(`^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$`)
	queueForm = regexp.MustCompile(`^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$`)
)

const maxName = 64

// checkText validates the length of a member, in characters, and its form, which may be nil.
func checkText(member, text string, least, most int, form *regexp.Regexp) error {
	const failed = "1 validation error detected: Value '%.300s' at '%s' failed to satisfy constraint: Member must "
	switch n := utf8.RuneCountInString(text); {
	case n < least:
		return validation(failed+"have length greater than or equal to %d", text, member, least)
	case n > most:
		return validation(failed+"have length less than or equal to %d", text, member, most)
	case form != nil && !form.MatchString(text):
		return validation(failed+"satisfy regular expression pattern: %s", text, member, form)
	}
	return nil
}

func checkName(member, name string) error { return checkText(member, name, 1, maxName, nameForm) }

// checkOptional is checkText for a member that may be left out.
func checkOptional(member, text string, most int, form *regexp.Regexp) error {
	if text == "" {
		return nil
	}
	return checkText(member, text, 1, most, form)
}

func checkToken(token string) error { return checkOptional("clientToken", token, 64, tokenForm) }

// checkEnum validates a member that has one of two values.
func checkEnum(member, value, one, other string) error {
	if value == one || value == other {
		return nil
	}
	return validation("1 validation error detected: Value '%.100s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s, %s]",
		value, member, one, other)
}

// checkRange validates an optional number.
func checkRange(member string, n *int, least, most int) error {
	if n == nil || least <= *n && *n <= most {
		return nil
	}
	return validation("1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: Member must have value between %d and %d",
		*n, member, least, most)
}

// checkPage validates what a list is asked for.
func checkPage(prefix, token string, most int) error {
	if most == 0 {
		most = maxPage
	}
	return cmp.Or(checkOptional("namePrefix", prefix, maxName, nameForm), checkOptional("nextToken", token, 2048, nil),
		checkRange("maxResults", &most, 1, maxPage))
}

package rename

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// maxProduct is the longest name of a product: it begins names that AWS limits to 64 characters.
const maxProduct = 16

var validProduct = regexp.MustCompile(`^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$`)

// CheckProduct says what is wrong with a name that is to be a product's: what the variable project of the Terraform code takes,
// and what the names of databases forbid.
func CheckProduct(name string) error {
	if len(name) < 2 || len(name) > maxProduct || !validProduct.MatchString(name) {
		return fmt.Errorf("%q is no name for a product: use 2 to %d lower-case letters and digits, with single dashes between them, and begin with a letter, because it begins the names of all resources on AWS", name, maxProduct)
	}
	return nil
}

// goPlace is where Go has the product's name, terraformPlaces are where Terraform has it: two languages, and the second module
// of Terraform is applied before the first can be.
const goPlace = "scripts/internal/stack/declared.go"

var (
	terraformPlaces = []string{"terraform/variables.tf", "terraform/bootstrap/variables.tf"}

	goProduct        = regexp.MustCompile(`(Project += ")([a-z0-9-]+)(")`)
	terraformProduct = regexp.MustCompile(`(variable "project" \{(?:\n\s+[^\n}]*)*?\n\s+default\s+= ")([a-z0-9-]+)(")`)
)

// ProductName returns the product's name in a checkout.
func ProductName(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, goPlace))
	if err != nil {
		return "", fmt.Errorf("read the product's name: %w", err)
	}
	found := goProduct.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("read the product's name: %s declares no Project", goPlace)
	}
	return string(found[2]), nil
}

// Product renames the product of the checkout at root, and returns the files that changed: the name's two places, Go and
// Terraform, and what pages say of resources.
func Product(root, to string) (changed []string, err error) {
	if err := CheckProduct(to); err != nil {
		return nil, err
	}
	from, err := ProductName(root)
	if err != nil || from == to {
		return nil, err
	}
	for _, place := range append([]string{goPlace}, terraformPlaces...) {
		written, err := declare(root, place, to)
		if err != nil {
			return changed, err
		}
		if written {
			changed = append(changed, place)
		}
	}
	files, err := textFiles(root)
	if err != nil {
		return changed, err
	}
	for _, f := range files {
		if path.Ext(f.name) != ".md" {
			continue
		}
		written, err := f.write(root, []byte(page(string(f.text), from, to)))
		if err != nil {
			return changed, err
		}
		if written {
			changed = append(changed, f.name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// declare writes the name where it is declared. The Terraform code may be gone.
func declare(root, place, to string) (changed bool, err error) {
	name, pattern := filepath.Join(root, place), terraformProduct
	if place == goPlace {
		pattern = goProduct
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && place != goPlace {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("rename the product: %w", err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return false, fmt.Errorf("rename the product: %w", err)
	}
	if !pattern.Match(text) {
		return false, fmt.Errorf("rename the product: %s does not declare it as %s", place, pattern)
	}
	f := textFile{name: place, mode: info.Mode().Perm(), text: text}
	return f.write(root, pattern.ReplaceAll(text, []byte("${1}"+to+"${3}")))
}

// environments are what comes after the product in the names of resources, as pages give them.
const environments = "dev|prod|local|staging|terraform"

// page returns a page's text with the product's new name: in names of resources (troupe-dev-billing, /troupe/dev/billing) and
// as the default of an input in a table.
func page(text, from, to string) string {
	resource := regexp.MustCompile(`(^|[^A-Za-z0-9.-])` + regexp.QuoteMeta(from) + `([-/](?:` + environments + `)\b)`)
	text = resource.ReplaceAllString(text, "${1}"+to+"${2}")
	return strings.ReplaceAll(text, "| `\""+from+"\"` |", "| `\""+to+"\"` |")
}

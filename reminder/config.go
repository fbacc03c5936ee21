package reminder

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"wuyepay/models/messages"
)

// Config is which templates the mini program has: miniprogram.templates.
type Config struct {
	Templates map[string]Template
}

// Template is one subscribe-message template. Without an ID it is not in use and
// none of its messages are sent.
type Template struct {
	ID string `yaml:"id"`
	// Keywords says which of the template's keywords (thing1, amount2, …) carries
	// what (room, amount, …).
	Keywords map[string]string `yaml:"keywords"`
}

// templateKeys are all templates, in the order in which they are shown.
var templateKeys = []string{messages.TemplateBillReady, messages.TemplateDueSoon, messages.TemplateOverdue,
	messages.TemplatePaymentReceived, messages.TemplateRequestDecided}

// The roles a keyword can have in a message.
const (
	roleRoom    = "room"
	roleItem    = "item"
	roleAmount  = "amount"
	roleDueOn   = "due_on"
	roleDays    = "days"
	roleNote    = "note"
	rolePaidAt  = "paid_at"
	roleOrderNo = "order_no"
	roleKind    = "kind"
	roleResult  = "result"
)

// rolesOf says what each template tells; every role must have its keyword.
var rolesOf = map[string][]string{
	messages.TemplateBillReady:       {roleRoom, roleItem, roleAmount, roleDueOn},
	messages.TemplateDueSoon:         {roleRoom, roleAmount, roleDueOn, roleNote},
	messages.TemplateOverdue:         {roleRoom, roleAmount, roleDays, roleNote},
	messages.TemplatePaymentReceived: {roleRoom, roleAmount, rolePaidAt, roleOrderNo},
	messages.TemplateRequestDecided:  {roleKind, roleResult, roleNote},
}

// typesOf says which types of keyword can carry a role without losing its meaning:
// a phrase holds five Chinese characters and no date; a thing of 20 characters
// holds most, but not the 26 of an order number.
var typesOf = map[string][]string{
	roleRoom:    {"thing"},
	roleItem:    {"thing"},
	roleAmount:  {"amount", "number", "character_string", "thing"},
	roleDueOn:   {"date", "time", "character_string", "thing"},
	roleDays:    {"number", "character_string", "thing"},
	roleNote:    {"thing"},
	rolePaidAt:  {"time", "date", "thing"},
	roleOrderNo: {"character_string"},
	roleKind:    {"thing", "phrase"},
	roleResult:  {"phrase", "thing"},
}

var keywordName = regexp.MustCompile(`^[a-z]+(?:_[a-z]+)*[0-9]{1,2}$`)

// keywordType is the type in a keyword's name: amount2 -> amount.
func keywordType(name string) string { return strings.TrimRight(name, "0123456789") }

// Validate lists every fault, each beginning with its key in the configuration. A
// template that is absent, or has neither id nor keywords, is not in use.
func (c Config) Validate() []error {
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(c.Templates)) {
		t, path := c.Templates[key], "miniprogram.templates."+key
		if rolesOf[key] == nil {
			faults = append(faults, fmt.Errorf("%s: unknown template; want one of %s", path, strings.Join(templateKeys, ", ")))
			continue
		}
		if t.ID == "" && len(t.Keywords) == 0 {
			continue
		}
		faults = append(faults, t.validate(path+".keywords", rolesOf[key])...)
	}
	return faults
}

func (t Template) validate(path string, roles []string) []error {
	var faults []error
	bad := func(role, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s.%s: %s", path, role, fmt.Sprintf(format, args...)))
	}
	carries := map[string]string{} // keyword -> role
	for _, role := range roles {
		name, ok := t.Keywords[role]
		switch {
		case !ok:
			bad(role, "missing")
		case !keywordName.MatchString(name):
			bad(role, "want a keyword of the template, such as %s1", typesOf[role][0])
		case !slices.Contains(typesOf[role], keywordType(name)):
			bad(role, "a keyword of type %s cannot carry it; want %s", keywordType(name), strings.Join(typesOf[role], ", "))
		case carries[name] != "":
			bad(role, "%s already carries %s", name, carries[name])
		default:
			carries[name] = role
		}
	}
	for _, role := range slices.Sorted(maps.Keys(t.Keywords)) {
		if !slices.Contains(roles, role) {
			bad(role, "unknown; want one of %s", strings.Join(roles, ", "))
		}
	}
	return faults
}

package booking

import "strings"

// Why is why a person did something that the shared ledger remembers: one of a
// short list, so that nobody can write a patient's name or story there.
type Why string

// The reasons of a cancellation. Empty is not said.
const (
	ByCaller   Why = "caller"
	ByPractice Why = "practice"
	Away       Why = "away"
	ByMistake  Why = "mistake"
	Other      Why = "other"
)

// The reasons for two visits at one time.
const (
	BothAgreed Why = "agreed"
	BothShort  Why = "short"
	BothTaken  Why = "taken"
)

// KeepWhys are the reasons to keep both visits of a clash, in the order they are
// offered.
func KeepWhys() []Why { return []Why{BothAgreed, BothShort, BothTaken} }

// Whys are the reasons of a cancellation in the order they are offered.
func Whys() []Why { return []Why{ByCaller, ByPractice, Away, ByMistake, Other} }

var whys = map[Why]string{
	ByCaller: "the caller asked", ByPractice: "the practice asked", Away: "the provider is away",
	BothAgreed: "the provider agreed to see both", BothShort: "both are short and fit into the time",
	BothTaken: "another provider takes one of them",
	ByMistake: "entered by mistake", Other: "another reason",
}

// Words are the reason for people; what is none of the list is its own words.
func (w Why) Words() string {
	if words, ok := whys[w]; ok {
		return words
	}
	return string(w)
}

// CodedWhy is the reason of the list that a text begins with, else Other: texts
// were free once.
func CodedWhy(text string) Why {
	code, _, _ := strings.Cut(text, ":")
	if _, ok := whys[Why(code)]; ok || text == "" {
		return Why(code)
	}
	return Other
}

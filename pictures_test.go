package main

import (
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// album is where the README's pictures are, a light and a dark one of each tab.
var album = filepath.Join("assets", "pictures")

// scene is a screen of a tab that tells what the tab is for.
type scene struct {
	tab   string
	title string
	play  func(*uitest.Term) // from the openings, where the demo starts
}

var scenes = []scene{
	{"Slots", "The week of a provider, with a hold of ours", func(term *uitest.Term) {
		term.Type("<enter>")
		term.See("HELD", "nobody yet")
		term.Type("<esc>w")
		term.See("busy", "◊ HELD you")
	}},
	{"Prospects", "People found while their name is typed", func(term *uitest.Term) {
		goTab(term, "Prospects")
		term.See("100 of")
		term.Type("/bri")
		term.See("found, the EMR has answered")
	}},
	{"Tickets", "Tickets of two systems on one board", func(term *uitest.Term) {
		goTab(term, "Tickets")
		term.See("Connect4Healthcare as of", "Naturaesoft EMR as of", "49 rows")
		term.Type("b")
		term.See("New (")
	}},
	{"Billing", "A payment put on open invoices to the cent", func(term *uitest.Term) {
		goTab(term, "Billing")
		term.See("50 rows")
		term.Type("/Wetherfield<enter>")
		term.See("2 of 50")
		term.Type("<enter>")
		term.See("How it stands", "2026-")
		term.Type("p")
		term.See("Payment of", "accounted for")
	}},
	{"Enrollment", "A new hire and the family, step by step", func(term *uitest.Term) {
		goTab(term, "Enrollment")
		term.See("Groups")
		term.Type("afake-group-bakery<enter>")
		term.See("Bo Example", "4 rows")
		term.Type("n2<enter>")
		term.See("Dependent 1")
		term.Type("<tab>+1<tab><tab>Nora<tab>Newperson<tab>1990-04-05<tab>F<tab>987654321<tab>987654321<tab>s<tab>d<tab><tab><tab><tab>")
		term.Type("Ned<tab>Newperson<tab>2019-06-07<tab>M<tab><tab><tab>s<tab><tab>")
		term.Type("Nell<tab>Newperson<tab>2021-06-07<tab>F<tab><tab><tab>s<tab>d<ctrl+s>")
		term.See("New hire of Nora Newperson", "draft", "Nell Newperson")
		term.Type("s")
		term.See("Enroll this family?")
		term.Type("y")
		term.See("✓ 4 snapshots compared", "verified")
	}},
	{"Library", "An article of the knowledge base", func(term *uitest.Term) {
		goTab(term, "Library")
		term.See("12 rows")
		term.Type("sinsurance ver<enter>")
		term.See("articles with “insurance ver”", "Insurance Verification Workflow")
		term.Type("<enter>")
		term.See("two business days before", "category Billing")
	}},
	{"Connections", "The five vendors, their health and the figures of this session", func(term *uitest.Term) {
		for _, visit := range [][2]string{{"Tickets", "49 rows"}, {"Billing", "50 rows"}, {"Prospects", "100 of"}} {
			goTab(term, visit[0])
			term.See(visit[1])
		}
		goTab(term, "Connections")
		term.See("Naturaesoft EMR", "this session only")
		term.Type("t")
		term.See("answered in", "its clock agrees with ours")
	}},
}

// TestPictures draws the README's pictures from the real program, when it is
// told to: "make pictures". Dates are those of the day.
func TestPictures(t *testing.T) {
	if os.Getenv("FRONTDESK_PICTURES") == "" {
		t.Skip("make pictures draws them anew")
	}
	for look, paper := range map[string]uitest.Paper{"light": uitest.LightPaper, "dark": uitest.DarkPaper} {
		for _, s := range scenes {
			t.Run(s.tab+" "+look, func(t *testing.T) {
				term := uitest.Start(t, 100, 26, program(t, "demo", "--theme", look))
				term.See("openings", "12 rows")
				s.play(term)
				term.Still(500 * time.Millisecond)
				nobodyReal(t, term.Screen())
				picture := term.Picture("frontdesk, "+s.tab+": "+s.title, paper)
				require.Less(t, len(picture), 60_000)
				path := filepath.Join(album, strings.ToLower(s.tab)+"-"+look+".svg")
				require.NoError(t, os.WriteFile(path, picture, 0o644))
			})
		}
	}
}

// nobodyReal fails when a screen names this machine or this account.
func nobodyReal(t *testing.T, screen string) {
	t.Helper()
	host, err := os.Hostname()
	require.NoError(t, err)
	account, err := user.Current()
	require.NoError(t, err)
	for _, name := range []string{host, account.Username, account.HomeDir} {
		require.NotRegexp(t, `(?m)(^|\W)`+regexp.QuoteMeta(name)+`($|\W)`, screen, "a picture names this machine or account")
	}
}

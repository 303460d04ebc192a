package prospects_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// file writes a CSV file a desk can take in.
func (p *practice) file(lines ...string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "fair.csv")
	require.NoError(p.t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return path
}

func TestAFileOfPeopleIsTakenIn(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 20})
	p.plant(nil)
	path := p.file("First Name,Last Name,Phone,E-Mail,Born,How heard",
		"Ann,Example,212-555-0111,ann@example.com,7/23/1987,fair",
		"Bob,Example,not-a-number,bob@example,2199-01-01,fair",
		"Zoe,Testperson,212.555.0177,,,friend",
		"Cid,Example,212-555-0113,cid@example.com,,=SUM(A1)")
	for _, size := range sizes {
		d := p.sit(size[0], size[1]).Type("I").See("Import people").Type(path + "<enter>").Settle()
		if size[0] == 120 { // begun before, by the other desk
			d.See("2 created", "begun before")
			d.Golden(sized("import-again", size))
			continue
		}
		d.See("2 to send, 1 bad, 1 left out", "like Zoë Q. Testperson")
		d.Fits(size[0], size[1])
		d.Golden(sized("import", size))
		d.Resize(60, 20).See("Why", "like Zoë Q. Testperson (num").Fits(60, 20)
		d.Resize(size[0], size[1]).Type("<enter>").See("Sends", "2125550111", "1987-07-23", "IMP by maria@desk2", "Is                prospect").Type("<esc>")
		d.Type("m").See("What each column fills", "such as: Ann")
		d.Golden(sized("mapping", size))
		wide := p.sit(120, 40).Type("I").See("Import people").Type(path + "<enter>").Settle().See("2 to send, 1 bad, 1 left out")
		wide.Golden("import-120x40")
		wide.Type("m").See("What each column fills")
		wide.Golden("mapping-120x40")
		d.Type("<esc>y").See("Add these people?", "2 people are added", "1 bad line, 1 left out").Type("y").Settle().See("2 lines were not created")
		d.See("2 created", "Not created:")
	}
	require.Equal(t, 2, p.server.Executions(createRoute))
	ann := p.row(22)
	require.Equal(t, []any{"Ann", "2125550111", "1987-07-23", 1}, []any{ann["FirstName"], ann["Phone"], ann["DOB"], ann["Prospect"]})

	files, err := filepath.Glob(filepath.Join(p.dir, "rejects-*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	f, err := os.Open(files[0])
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, []string{"First Name", "Last Name", "Phone", "E-Mail", "Born", "How heard", "line", "problem"}, rows[0])
	require.Equal(t, "3", rows[1][6])
	for _, words := range []string{"Phone: This is not a phone number", "E-Mail: This is not an e-mail", "Born: This birth date is in the future"} {
		require.Contains(t, rows[1][7], words)
	}
	require.Equal(t, "4", rows[2][6])
	require.Contains(t, rows[2][7], "same phone")
}

func TestAFileThatIsNotThereIsChosenAgain(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 20})
	path := p.file("First Name,Last Name", "Ann,Example", ",")
	d := p.sit(80, 24).Type("I").See("Import people").Type(path+"x<enter>").Settle().See("There is no file", "Press I to choose again")
	d.Gone("y sends").Gone("to send")
	require.NotContains(t, d.Bound(), "y", "nothing can be sent")
	d.Type("I").See("Import people").Type("<backspace><enter>").Settle().See("1 to send, 1 bad", "y sends")
	d.Type("f").See("only what is not sent").Type("f").Gone("only what")
}

// TestALargeFileWithLostAnswers takes a file in through the tab while two
// answers are lost, one of them of a row that was created. The rejects name
// every bad line and nothing else; every other line is created once.
func TestALargeFileWithLostAnswers(t *testing.T) {
	good, bad := 480, 20
	if os.Getenv("FRONTDESK_SOAK") != "" {
		good, bad = 4800, 200
	}
	p := newPractice(t, sandbox.Options{Prospects: 20})
	lines, wrong := []string{"First name,Last name,Phone,E-mail"}, map[string]bool{}
	for i := range good {
		lines = append(lines, fmt.Sprintf("First%d,Testperson%d,212555%04d,person%d@example.com", i, i, i, i))
		if i%(good/bad) == 0 {
			lines = append(lines, fmt.Sprintf("Bad%d,Testperson,12,bad%d@example.com", i, i))
			wrong[fmt.Sprint(len(lines))] = true
		}
	}
	path := p.file(lines...)
	p.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1, After: good / 3})
	d := p.sit(80, 24).Type("I").See("Import people").Type(path + "<enter>").Settle()
	d.See(fmt.Sprintf("%d to send, %d bad, 0 left out", good, bad)).Type("y").See("Add these people?").Type("y")
	reached := func(n int) {
		require.Eventually(t, func() bool { return p.server.Executions(createRoute) >= n }, 2*time.Minute, 5*time.Millisecond)
	}
	reached(good / 2)
	p.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	reached(good)
	d.See(fmt.Sprintf("%d created", good), fmt.Sprintf("%d lines were not created", bad))
	require.Equal(t, good, p.server.Executions(createRoute))
	_, more := p.server.Prospect(20 + good + 1)
	require.False(t, more, "nobody was created twice")

	files, err := filepath.Glob(filepath.Join(p.dir, "rejects-*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, bad+1)
	for _, r := range rows[1:] {
		require.True(t, wrong[r[4]], "line %s", r[4])
		require.Contains(t, r[5], "Phone: This is not a phone number")
	}
}

func TestLeftOutLinesCanBeSentAllTheSame(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 20})
	p.plant(nil)
	path := p.file("First,Last,Phone", "Zoe,Testperson,212.555.0177")
	d := p.sit(80, 24).Type("I").See("Import people").Type(path+"<enter>").Settle().See("0 to send", "1 left out")
	d.Type("y").See("There is no line to send").Type("<esc>t").See("1 to send").Type("yy").Settle().See("1 created")
	require.Equal(t, 1, p.server.Executions(createRoute))
}

func TestAFileThatCannotBeTakenIn(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 20})
	d := p.sit(80, 24).Type("I").See("Import people").Type("/nowhere/at/all.csv<enter>").Settle().See("There is no file")
	d.Type("<esc>I<ctrl+u>" + p.dir + "<enter>").Settle().See("is not a file")
}

// TestEveryShapeOfTheList draws the list in every envelope and type the
// document allows (NS-15, NS-17).
func TestEveryShapeOfTheList(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 5})
	faults := []sandbox.Fault{{Kind: sandbox.FaultIDsAsStrings}, {Kind: sandbox.FaultNumbersAsStrings}}
	for _, shape := range []string{"bare", "plain", "named", "meta", "top"} {
		faults = append(faults, sandbox.Fault{Kind: sandbox.FaultEnvelope, Body: shape})
	}
	n := p.plant(nil)
	for _, f := range faults {
		p.server.SetFault(listRoute, f)
		d := opened(p.sit(80, 24))
		d.See("Jane Smith", "prospect")
		before := p.server.Executions(updateRoute)
		field(d.Type("e").See("Edit"), 4).Type(string(f.Kind) + f.Body + "<ctrl+s>").See("Saved and read back").Settle()
		require.Equal(t, before+1, p.server.Executions(updateRoute))
		require.Equal(t, 1, p.row(n)["ProviderID"], "%v: the number stays a number", f)
		require.Equal(t, 1, p.row(n)["Prospect"])
		require.Equal(t, "zoe.testperson@example.com", p.row(n)["EMail"])
	}
}

// TestHostileTextsDrawTextOnly puts every hostile text into every field of a
// person and opens each page on it.
func TestHostileTextsDrawTextOnly(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &all))
	p := newPractice(t, sandbox.Options{Prospects: 5})
	n := p.plant(nil)
	d := p.sit(80, 24)
	for i, h := range all {
		if len(h.Value) > 5000 {
			h.Value = h.Value[:5000]
		}
		mark := fmt.Sprintf("Q%03dZ", i)
		fields := map[string]any{"ProspectID": n}
		for name, v := range p.row(n) {
			if _, text := v.(string); text && name != "EMail" {
				fields[name] = mark + h.Value
			}
		}
		fields["LastName"] = mark
		p.server.PutProspect(fields)
		find(d, strings.ToLower(mark)).See(mark)
		plain(t, h.Name, d.App.View().Content)
		d.Fits(80, 24)
		d.Type("<enter>").Settle().See("as of", mark)
		plain(t, h.Name, d.App.View().Content)
		d.Fits(80, 24)
		if i%4 == 0 || os.Getenv("FRONTDESK_SOAK") != "" { // the form is slow to draw
			d.Type("e").See("Edit")
			plain(t, h.Name, d.App.View().Content)
			d.Fits(80, 24)
			d.Type("<esc>")
		}
		d.Type("<esc><esc>").Settle().See("loaded")
	}
}

// plain fails when anything but text, line ends and the frame's own resets is
// drawn: the look of tests has no colours.
func plain(t *testing.T, name, screen string) {
	t.Helper()
	for _, r := range strings.ReplaceAll(screen, ansi.ResetStyle, "") {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
			t.Fatalf("%s: %U is on the screen:\n%s", name, r, screen)
		}
	}
}

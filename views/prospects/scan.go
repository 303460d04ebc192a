package prospects

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/people"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// scan looks for rows that are there twice, among everybody or for one person,
// and remembers what was told apart.
type scan struct {
	v       *View
	one     whole // only pairs of this person; no ID: everybody
	table   *table.Table[people.Pair]
	run     *ui.Stream[scanned]
	decide  *ui.Call[decided]
	last    *people.Pair // told apart last on this page; it can be taken back
	read    int
	total   int
	crowded int
	over    bool
	wide    int
}

// scanned is a step of the search: how far it is, or what it found.
type scanned struct {
	read, total int
	pairs       []people.Pair
	crowded     int
	over        bool
}

// decided is a pair told apart, or no longer.
type decided struct {
	pair people.Pair
	undo bool
}

func pairKey(p people.Pair) string { return string(p.A.ID) + " " + string(p.B.ID) }

func newScan(v *View) *scan {
	s := &scan{v: v, run: ui.NewStream[scanned](v.env), decide: ui.NewCall[decided](v.env, "remember the decision")}
	s.table = table.New(v.env.Theme, pairKey,
		table.Column[people.Pair]{Title: "Score", Min: 5, Max: 5, Drop: 1, Right: true, Cell: func(p people.Pair) string { return fmt.Sprint(p.Score) }},
		table.Column[people.Pair]{Title: "One", Min: 20, Max: 34, Cell: func(p people.Pair) string { return whoWords(p.A) }},
		table.Column[people.Pair]{Title: "Other", Min: 12, Max: 34, Cell: other},
		table.Column[people.Pair]{Title: "Evidence", Min: 20, Cell: func(p people.Pair) string { return p.Words() }},
	).WithoutMarks()
	return s
}

func whoWords(p people.Person) string { return cleaned(p.Full) + " (" + string(p.ID) + ")" }

// other names the second of a pair; of the same name, its number is enough.
func other(p people.Pair) string {
	if people.Fold(p.A.Full) == people.Fold(p.B.Full) {
		return "number " + string(p.B.ID)
	}
	return whoWords(p.B)
}

// start compares everybody with everybody.
func (s *scan) start() tea.Cmd {
	s.one = whole{}
	s.begin()
	emr, open := s.v.emr, s.v.opt.Book
	return s.run.Start(func(ctx ctx, emit func(scanned)) error {
		apart, err := toldApart(ctx, open)
		if err != nil {
			return err
		}
		all, err := people.Everybody(ctx, emr, func(read, total int) { emit(scanned{read: read, total: total}) })
		if err != nil {
			return err
		}
		pairs, crowded := people.Scan(all, apart)
		emit(scanned{read: len(all), total: len(all), pairs: pairs, crowded: crowded, over: true})
		return nil
	})
}

// of looks for people like one person.
func (s *scan) of(p whole) tea.Cmd {
	s.one = p
	s.begin()
	emr, open, who := s.v.emr, s.v.opt.Book, people.Of(p)
	return s.run.Start(func(ctx ctx, emit func(scanned)) error {
		apart, err := toldApart(ctx, open)
		if err != nil {
			return err
		}
		found, err := people.Twins(ctx, emr, who)
		if err != nil {
			return err
		}
		out := scanned{over: true}
		for _, t := range found {
			if !apart[people.Key(string(who.ID), string(t.Person.ID))] {
				out.pairs = append(out.pairs, people.Pair{A: who, B: people.Of(t.Person), Likeness: t.Likeness})
			}
		}
		emit(out)
		return nil
	})
}

func toldApart(ctx ctx, open func(ctx) (*people.Book, error)) (map[[2]string]bool, error) {
	if open == nil {
		return nil, nil
	}
	book, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return book.Apart(ctx)
}

func (s *scan) begin() {
	s.read, s.total, s.crowded, s.over, s.last = 0, -1, 0, false, nil
	s.table.Set(nil)
	s.table.SetLoading("comparing...")
	s.table.SetEmpty("Nobody looks like somebody else.")
}

func (s *scan) arrived(b ui.Batch[scanned]) tea.Cmd {
	ok, next := s.run.Accept(b)
	if !ok {
		return nil
	}
	for _, e := range b.Items {
		s.read, s.total = e.read, e.total
		if e.over {
			s.over, s.crowded = true, e.crowded
			s.table.Set(e.pairs)
		}
	}
	if b.Err != nil {
		s.table.SetFailed(rest.Then(b.Err, "Press r to begin again."))
	}
	return next
}

func (s *scan) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return s.press(msg)
	case ui.Batch[scanned]:
		return s.arrived(msg)
	case ui.Result[decided]:
		return s.told(msg)
	}
	_, cmd := s.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (s *scan) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.v.keys
	if s.table.Filtering() {
		_, cmd := s.table.Update(msg)
		return cmd
	}
	p, some := s.table.Selected()
	switch {
	case key.Matches(msg, k.Back) && s.table.Filter() == "":
		s.run.Cancel()
		s.v.Back()
		return nil
	case key.Matches(msg, k.Again):
		if s.one.ID != "" {
			return s.of(s.one)
		}
		return s.start()
	case some && key.Matches(msg, k.First):
		return s.v.show(seedOf(p.A))
	case some && key.Matches(msg, k.Second):
		return s.v.show(seedOf(p.B))
	case some && key.Matches(msg, k.Apart):
		return s.apart(p, false)
	case s.last != nil && key.Matches(msg, k.Rejoin):
		return s.apart(*s.last, true)
	}
	_, cmd := s.table.Update(msg)
	return cmd
}

func seedOf(p people.Person) whole {
	values := map[string]string{"EMail": p.Mail, "FirstName": p.First, "LastName": p.Last}
	for i, n := range p.Phones {
		if i < 3 {
			values[[]string{"Phone", "CellPhone", "SMSPhone"}[i]] = n
		}
	}
	return people.Found(p.ID, values)
}

// apart remembers that a pair is two persons, or forgets it again; it leaves the
// list, or comes back, when that is on the disk.
func (s *scan) apart(p people.Pair, undo bool) tea.Cmd {
	open := s.v.opt.Book
	if open == nil {
		s.v.env.Fail("There is no place to remember this: the folder of this desk cannot be written.")
		return nil
	}
	return s.decide.Once(func(ctx ctx) (decided, error) {
		book, err := open(ctx)
		if err == nil {
			err = book.TellApart(ctx, string(p.A.ID), string(p.B.ID), undo)
		}
		return decided{p, undo}, err
	})
}

func (s *scan) told(r ui.Result[decided]) tea.Cmd {
	if !s.decide.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return s.v.fail(r.Err)
	}
	p := r.Value.pair
	if r.Value.undo {
		s.last = nil
		s.table.Upsert(p)
		s.table.Select(pairKey(p))
		return s.v.env.Say("Taken back: " + p.A.Full + " may be there twice.")
	}
	s.last = &p
	s.table.Remove(pairKey(p))
	return s.v.env.Say("Remembered: two different people, " + whoWords(p.A) + " and " + whoWords(p.B) + ". z takes it back.")
}

func (s *scan) Resize(width, height int) {
	s.wide = width
	s.table.Resize(width, max(1, height-headLines))
}

func (s *scan) View() string {
	th := s.v.env.Theme
	title, status := "", " "
	switch {
	case s.one.ID != "":
		title = " People like " + s.one.Name().String()
	case s.over:
		title = fmt.Sprintf(" %s among %d people who may be there twice", ui.Count(s.table.Len(), "pair", "pairs"), s.read)
	case s.total > 0:
		title = fmt.Sprintf(" Reading everybody: %d of %d, esc stops", s.read, s.total)
	default:
		title = fmt.Sprintf(" Reading everybody: %d, esc stops", s.read)
	}
	if p, ok := s.table.Selected(); ok {
		status += whoWords(p.A) + " and " + whoWords(p.B) + ": " + p.Words()
	}
	if s.crowded > 0 {
		title += fmt.Sprintf("; %d things more than %d share passed over", s.crowded, people.Crowd)
	}
	return th.Truncate(th.Strong.Render(title), s.wide) + "\n" + th.Truncate(status, s.wide) + "\n" + s.table.View()
}

func (s *scan) Typing() bool         { return s.table.Filtering() }
func (s *scan) Waiting(tea.Msg) bool { return s.decide.Out() }
func (s *scan) Cursor() *tea.Cursor  { return below(s.table.Cursor(), headLines) }

func (s *scan) Groups() [][]key.Binding {
	k := s.v.keys
	if s.table.Filtering() {
		return [][]key.Binding{s.table.Keys()}
	}
	rejoin := k.Rejoin
	rejoin.SetEnabled(s.last != nil)
	return [][]key.Binding{{rejoin, k.First, k.Second, k.Apart, k.Again, k.Back}, s.table.Keys()}
}

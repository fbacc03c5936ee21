package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"wuyepay/models"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pageTemplate is a page inside its layout.
type pageTemplate struct{ *template.Template }

// parsePages parses every template once, at start. A file that begins with an
// underscore is a part of others; the rest are pages, each in the layout.
func parsePages(a *assets) (map[string]*pageTemplate, error) {
	base, err := template.New("").Option("missingkey=error").Funcs(functions).Funcs(template.FuncMap{"asset": a.url}).
		ParseFS(templateFiles, "templates/_*.html")
	if err != nil {
		return nil, fmt.Errorf("console: templates: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/[a-z]*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*pageTemplate{}
	for _, name := range names {
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(templateFiles, name)
		}
		if err != nil {
			return nil, fmt.Errorf("console: templates: %w", err)
		}
		pages[strings.TrimSuffix(path.Base(name), ".html")] = &pageTemplate{t}
	}
	return pages, nil
}

// page is what the layout shows around Body.
type page struct {
	Title     string
	Menu      []menuItem
	Staff     models.Staff
	Community string
	Today     models.Date
	Sandbox   bool
	Version   string
	Flash     *flash
	Body      any
}

// Can tells templates what to leave out. That a link is missing protects nothing:
// each route asks again.
func (p page) Can(need string) bool { return may(p.Staff, permission(need)) }

// SignedIn tells whether there is a menu.
func (p page) SignedIn() bool { return p.Staff.ID != "" }

// render writes a page.
func (c *call) render(name, title string, body any) error {
	return c.renderAs(http.StatusOK, name, title, body)
}

// renderStatus writes a page from where no error can be given back any more.
func (c *call) renderStatus(status int, name, title string, body any) {
	if err := c.renderAs(status, name, title, body); err != nil {
		c.Log.ErrorContext(c.r.Context(), "console page not rendered", "page", name, "request_id", models.RequestID(c.r.Context()), "error", err)
		http.Error(c.w, "系统出错了，请稍后再试", http.StatusInternalServerError)
	}
}

func (c *call) renderAs(status int, name, title string, body any) error {
	t := c.pages[name]
	if t == nil {
		return fmt.Errorf("console: no page %s", name)
	}
	p := page{Title: title, Staff: c.staff, Menu: c.menu(), Community: c.community(), Today: c.DB.Today(), Sandbox: c.Sandbox,
		Version: c.Version, Body: body}
	var out bytes.Buffer // nothing of a page that fails half-way reaches the browser
	p.Flash = c.heard()
	if err := t.ExecuteTemplate(&out, "layout", p); err != nil {
		return fmt.Errorf("console: page %s: %w", name, err)
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.WriteHeader(status)
	c.w.Write(out.Bytes())
	return nil
}

// community is what the top bar calls the place: the one community by its name, or
// how many there are. It is only a caption: without a database it stays empty.
func (c *call) community() string {
	if c.staff.ID == "" {
		return ""
	}
	list, err := c.view.Communities("", 2)
	switch {
	case err != nil || len(list) == 0:
		return ""
	case len(list) == 1:
		return list[0].Name
	}
	return "全部小区"
}

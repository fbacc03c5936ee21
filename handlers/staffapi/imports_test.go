package staffapi_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"wuyepay/handlers/staffapi"
	"wuyepay/models"
	"wuyepay/models/office"
)

const roomHead = "小区,房号,业主姓名,联系电话,建筑面积\n"

// upload hands in a file.
func (d *desk) upload(kind, token, text string) answer {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "房产.csv")
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(d.t.Context(), http.MethodPost, staffapi.Prefix+"/imports/"+kind, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	d.doors.ServeHTTP(rec, r)
	a := answer{t: d.t, call: "POST /imports/" + kind, status: rec.Code, header: rec.Header()}
	if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
		d.t.Fatalf("%v: %s", err, rec.Body)
	}
	return a
}

// waitFor asks for an import until it is in a state.
func (d *desk) waitFor(id, token, state string) answer {
	d.t.Helper()
	end := models.RealNow().Add(time.Minute)
	for {
		a := d.send("GET", "/imports/"+id, token, "").want(http.StatusOK, "")
		if a.body["state"] == state {
			return a
		}
		if models.RealNow().After(end) {
			d.t.Fatalf("the import is %v, want %s: %v", a.body["state"], state, a.body["note"])
		}
	}
}

// A file is handed in with a mistake, then right, taken in and taken back.
func TestImports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	finance, steward := d.signIn(office.RoleFinance), d.signIn(office.RoleSteward)
	d.upload("rooms", steward, roomHead).want(http.StatusForbidden, "FORBIDDEN")
	d.upload("staff", finance, roomHead).want(http.StatusBadRequest, "IMPORT_KIND")
	d.upload("rooms", finance, "").want(http.StatusUnprocessableEntity, "IMPORT_FILE")
	d.send("POST", "/imports/rooms", finance, `{}`).want(http.StatusBadRequest, "INVALID_REQUEST")
	d.send("GET", "/imports/nobody", finance, "").want(http.StatusNotFound, "NOT_FOUND")
	wrong := d.upload("rooms", finance, roomHead+"海棠花园,1-1-101,吕敏,138,九十\n").want(http.StatusCreated, "")
	id, _ := wrong.body["id"].(string)
	wrong = d.waitFor(id, finance, office.ImportRefused)
	mistakes, _ := wrong.body["mistakes"].([]any)
	if len(mistakes) != 2 {
		t.Fatalf("mistakes %v", wrong.body["mistakes"])
	}
	if m, _ := mistakes[1].(map[string]any); m["cell"] != "D2" || m["column"] != "联系电话" || m["row"] != 2.0 {
		t.Errorf("the second mistake is %v", m)
	}
	d.send("POST", "/imports/"+id+"/commit", finance, "").want(http.StatusUnprocessableEntity, "IMPORT_MISTAKES")
	id, _ = d.upload("rooms", finance, roomHead+"海棠花园,1-1-101,吕敏,13800000001,90\n").want(http.StatusCreated, "").body["id"].(string)
	d.waitFor(id, finance, office.ImportChecked)
	d.send("POST", "/imports/"+id+"/commit", finance, "").want(http.StatusOK, "")
	done := d.waitFor(id, finance, office.ImportDone)
	if counts, _ := done.body["counts"].(map[string]any); counts["read"] != 1.0 || counts["added"] != 1.0 {
		t.Errorf("counts %v", counts)
	}
	d.send("POST", "/imports/"+id+"/discard", finance, "").want(http.StatusConflict, "IMPORT_STATE")
	d.send("POST", "/imports/"+id+"/take-back", finance, `{}`).want(http.StatusBadRequest, "REASON_MISSING")
	d.send("POST", "/imports/"+id+"/take-back", finance, `{"reason":"传错了"}`).want(http.StatusOK, "")
	d.waitFor(id, finance, office.ImportTakenBack)
	list := d.send("GET", "/imports?state=taken_back", finance, "").want(http.StatusOK, "")
	if imports, _ := list.body["imports"].([]any); len(imports) != 1 {
		t.Errorf("%v", list.body)
	}
}

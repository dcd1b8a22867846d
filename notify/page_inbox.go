package notify

import (
	"chungtay/internal/ids"
	"chungtay/internal/web"
)

const pageSize = 50

func pageInbox(rq *web.Request) (web.Reply, error) {
	unread := rq.Query("unread") != ""
	before := rq.Query("before")
	if !ids.Valid(before) {
		before = ""
	}
	p, err := Inbox(rq.Tx, rq.Actor, unread, before, pageSize)
	if err != nil {
		return web.Reply{}, err
	}
	n, err := Unread(rq.Tx, rq.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Show(rq.T("notify.title"), inboxPage(p, unread, before, n)), nil
}

func inboxPath(unread bool, before string) string {
	path := "/inbox"
	if unread {
		path += "?unread=1"
	}
	if before != "" {
		if unread {
			path += "&before=" + before
		} else {
			path += "?before=" + before
		}
	}
	return path
}

func newest(unread bool, before string) string {
	if before == "" {
		return ""
	}
	return inboxPath(unread, "")
}

func older(unread bool, id string) string {
	if id == "" {
		return ""
	}
	return inboxPath(unread, id)
}

func doOpen(rq *web.Request) (web.Reply, error) {
	id, err := rq.ID("id")
	if err != nil {
		return web.Reply{}, err
	}
	path, err := Open(rq.Tx, rq.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	return web.To(path), nil
}

func doReadAll(rq *web.Request) (web.Reply, error) {
	if err := ReadAll(rq.Tx, rq.Actor); err != nil {
		return web.Reply{}, err
	}
	return web.To("/inbox").Say("notify.all_read"), nil
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gatewatch/test/record/accounts"
)

// editor works on posts: opens one, saves it several times, uploads a picture,
// and now and then meets a deleted post (404) or the settings (403).
func editor(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	account, _ := accounts.ByName("editor@shop.example")
	if _, err := v.Open(ctx, "/login", ""); err != nil {
		return err
	}
	if !v.Think(ctx, 4*time.Second, 8*time.Second) {
		return nil
	}
	if _, err := v.FormLogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	id := 10 + v.rng.IntN(20)
	for v.Think(ctx, 3*time.Second, 9*time.Second) {
		if _, err := v.Open(ctx, "/admin/posts", origin+"/admin"); err != nil {
			return err
		}
		id++
		if err := v.editPost(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// editPost opens one post and saves it a few times.
func (v *Visitor) editPost(ctx context.Context, id int) error {
	post := fmt.Sprintf("/admin/posts/%d", id)
	answer, err := v.Get(ctx, post+"/edit", origin+"/admin/posts")
	if err != nil || answer.Status != http.StatusOK {
		return err
	}
	for range 2 + v.rng.IntN(4) {
		if !v.Think(ctx, 2*time.Second, 9*time.Second) {
			return nil
		}
		body := fmt.Sprintf(`{"title":"Post %d","body":"edited"}`, id)
		save := Request{Method: http.MethodPut, Path: post, Kind: jsonKind, Body: body, Referer: origin + post + "/edit"}
		if _, err := v.Do(ctx, save); err != nil {
			return err
		}
	}
	switch v.rng.IntN(5) {
	case 0:
		_, err = v.Get(ctx, "/admin/settings", origin+post+"/edit")
	case 1, 2:
		_, err = v.Do(ctx, Request{
			Method: http.MethodPost, Path: "/admin/media", Kind: "image/svg+xml", Body: "<svg/>", Referer: origin + post + "/edit",
		})
	}
	return err
}

// clerk works through a queue of orders, one after the other at the pace of a
// person. The numbers follow each other, but every one is allowed.
func clerk(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	account, _ := accounts.ByName("admin@shop.example")
	if err := v.APILogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	order := accounts.FirstOrder + 300 + v.rng.IntN(300)
	for v.Think(ctx, 6*time.Second, 25*time.Second) {
		if _, err := v.Get(ctx, fmt.Sprintf("/api/v1/orders/%d", order), origin+"/desk"); err != nil {
			return err
		}
		order += 1 + v.rng.IntN(3)
	}
	return nil
}

/** Who works here, and the link that brings in others. */
import { useEffect, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { Membership, Page } from "../../api/types.ts";
import { boot } from "../../boot.ts";
import { formatAgo, formatDate, t, tn } from "../../i18n/index.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { CopyField } from "../components/copy_field.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SearchField } from "../components/field.tsx";
import { Pager } from "../components/pager.tsx";
import { Badge, Empty, ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { currentProject } from "../current_project.ts";
import { useResource, useRested } from "../resource.ts";
import { query, setQuery } from "../router.ts";
import { useTitle } from "../title.tsx";
import { toast } from "../toasts.ts";
import "./lists.css";

const PAGE = 50;

interface Invite {
  token: string;
  invite_url: string;
}

const fullLink = (invite: Invite): string => new URL(invite.invite_url, location.origin).href;

function InviteDialog({ onClose }: { onClose: () => void }) {
  const { data, error, reload, set } = useResource((signal) => api.get<Invite>("/api/invite", { signal }), []);
  const reset = async () => {
    const isSure = await confirm({
      title: t("Make a new link?"), body: t("The old link stops working at once. People who have joined already stay."), action: t("Make a new link"), danger: true,
    });
    if (!isSure) return;
    set(await api.post<Invite>("/api/invite/reset-token"));
    toast(t("The old link no longer works"), "good");
  };
  return (
    <Dialog title={t("Invite people")} onClose={onClose} foot={<><Button onClick={reset} disabled={!data}>{t("Make a new link")}</Button><Button kind="primary" onClick={onClose}>{t("Done")}</Button></>}>
      <p class="lw-muted">{t("Whoever opens this link can sign up and joins your organization. Send it only to people you trust.")}</p>
      {error ? <ErrorPanel error={error} onRetry={reload} /> : data ? <CopyField label={t("Link")} value={fullLink(data)} /> : <Skeleton height={34} />}
    </Dialog>
  );
}

function nameOf(member: Membership): string {
  return `${member.user.first_name ?? ""} ${member.user.last_name ?? ""}`.trim();
}

async function remove(organization: number, member: Membership, reload: () => Promise<void>): Promise<void> {
  const name = nameOf(member) || member.user.email;
  const isSure = await confirm({ title: t("Remove {name}?", { name }), body: t("They can no longer sign in to this organization. What they labelled stays."), action: t("Remove"), danger: true });
  if (!isSure) return;
  await api.delete(`/api/organizations/${organization}/memberships/${member.user.id}/`);
  toast(t("{name} is removed", { name }), "good");
  await reload();
}

export function Members() {
  useTitle(t("Members"));
  const organization = boot.user?.active_organization ?? 1;
  const page = Math.max(1, Number(query.value.get("page")) || 1);
  const [typed, setTyped] = useState("");
  const search = useRested(typed.trim());
  const [isInviting, setInviting] = useState(false);
  const list = useResource(
    (signal) => api.get<Page<Membership>>(`/api/organizations/${organization}/memberships`, { query: { page, page_size: PAGE, search: search || null }, signal }),
    [organization, page, search],
  );
  useEffect(() => { currentProject.value = null; }, []);
  // Label Studio's list knows no search; what is on the page is sifted here as well.
  const words = search.toLowerCase();
  const shown = (list.data?.results ?? []).filter((one) => `${nameOf(one)} ${one.user.email}`.toLowerCase().includes(words));
  return (
    <div class="app-page">
      <header class="app-page-head">
        <div>
          <h1>{t("Members")}</h1>
          <p>{list.data ? tn("{n} person", "{n} people", list.data.count) : <Skeleton width={80} />}</p>
        </div>
        <div class="app-page-actions">
          <SearchField label={t("Find a person")} value={typed} onValue={setTyped} />
          <Button kind="primary" icon="link" onClick={() => setInviting(true)}>{t("Invite people")}</Button>
        </div>
      </header>
      {list.isLoading ? <Loading><Skeleton height={52} /><Skeleton height={52} /><Skeleton height={52} /></Loading>
        : list.error ? <ErrorPanel error={list.error} onRetry={list.reload} />
        : shown.length === 0 ? <Empty icon="search" title={t("Nobody is called “{typed}”", { typed: search })} actions={<Button onClick={() => setTyped("")}>{t("Show everybody")}</Button>} />
        : (
          <div class="lw-table-frame" tabIndex={0} role="region" aria-label={t("Members")}>
            <table class="lw-table members-table">
              <thead><tr><th scope="col">{t("Member")}</th><th scope="col" class="member-more">{t("Last active")}</th><th scope="col" class="member-more">{t("Joined")}</th><th scope="col"><span class="lw-hidden-visually">{t("Actions")}</span></th></tr></thead>
              <tbody>
                {shown.map((member) => (
                  <tr key={member.id ?? member.user.id}>
                    <th scope="row">
                      <div class="member">
                        <Avatar user={member.user} size={32} />
                        <div>
                          <div class="lw-row"><strong class="lw-truncate">{nameOf(member) || member.user.email}</strong>{member.user.id === boot.user?.id && <Badge kind="accent">{t("You")}</Badge>}</div>
                          {nameOf(member) && <div class="lw-small lw-muted lw-truncate">{member.user.email}</div>}
                        </div>
                      </div>
                    </th>
                    <td class="member-more">{member.user.last_activity ? <time dateTime={member.user.last_activity} data-tip={formatDate(member.user.last_activity)}>{formatAgo(member.user.last_activity)}</time> : "—"}</td>
                    <td class="member-more">{formatDate(member.created_at ?? member.user.date_joined ?? "", "date")}</td>
                    <td class="cell-actions">
                      {member.user.id !== boot.user?.id && <Button small kind="quiet" icon="trash" label={t("Remove {name}", { name: nameOf(member) || member.user.email })} onClick={() => remove(organization, member, list.reload)} />}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {(list.data?.count ?? 0) > PAGE && <Pager page={page} size={PAGE} count={list.data!.count} onPage={(next) => setQuery({ page: next > 1 ? String(next) : null })} />}
      {(list.data?.count ?? 0) === 1 && <Note>{t("You work alone so far. Invite people and share the labelling: nobody gets the same task twice.")}</Note>}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </div>
  );
}

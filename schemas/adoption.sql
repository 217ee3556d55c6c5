-- Adoption of named models as events, and the panels that event-history analysis starts from.
-- An event is an adoption by a unit, not an article about it: a unit counts once a model however
-- often it is written about, and an article and its copies are one source.
-- Most adoptions are known only from the day of an article, the latest day on which they can have
-- happened; and a month without an article says nothing about what was adopted in it.

create view model_adoptions as
with
-- Of each cluster of copies one article speaks: the original, else the one that says most about
-- itself. Machine-rewritten pages do not speak: the names in them are the machine's.
sources as (
    select
        arg_min(a.article_id, (
            c.direction is distinct from 'original', a.province is null, a.published_at is null,
            a.published_at, a.article_id
        )) filter (not list_contains(a.quality, 'machine_rewritten')) as article_id,
        min(a.published_at)::date as published_on,
        count(*) as versions,
        -- where no date tells who copied from whom, the place is known only if all agree on it
        bool_or(c.direction = 'unknown') and count(distinct a.province) > 1 as place_unknown
    from articles a
    left join copies c using (article_id)
    group by coalesce(c.cluster_id, a.article_id)
),
-- The body behind an adopter as written: the unit of that name in the sentence, else in the
-- article. "Đảng ủy xã" may be two units; then neither is meant.
bodies as (
    select
        m.article_id, m.sentence_id, m.adopter,
        case
            when count(distinct u.unit_id) filter (u.sentence_id = m.sentence_id) = 1
                then any_value(u.unit_id) filter (u.sentence_id = m.sentence_id)
            when count(distinct u.unit_id) = 1 then any_value(u.unit_id)
        end as adopter_id
    from (select distinct article_id, sentence_id, adopter from model_mentions) m
    join unit_mentions u on u.article_id = m.article_id and u.surface = m.adopter
    group by all
),
by_article as (
    select
        m.model_id, m.article_id, s.versions, b.adopter_id,
        case when not s.place_unknown then a.province end as province,
        case when not s.place_unknown then a.province_2025 end as province_2025,
        coalesce(b.adopter_id, lower(m.adopter)) as adopter_key,
        -- structs compare field by field, NULL last: the earliest day, on it a stated one first
        min(struct_pack(
            known_on := coalesce(m.started_on, s.published_on),
            unstated := m.started_on is null,
            article_id := m.article_id, start_char := m.start_char,
            sentence_id := m.sentence_id, adopter := m.adopter
        )) as evidence
    from model_mentions m
    join sources s using (article_id)
    join articles a using (article_id)
    left join bodies b using (article_id, sentence_id, adopter)
    where m.model_id is not null
    group by all
),
adoptions as (
    select
        model_id, province, province_2025, adopter_key,
        any_value(adopter_id) as adopter_id, min(evidence) as evidence,
        sum(versions)::integer as articles, count(*)::integer as independent_articles
    from by_article
    group by all
)
select
    model_id, province, province_2025, evidence.adopter, adopter_id,
    evidence.known_on as first_known_on,
    case
        when evidence.known_on is not null then if(evidence.unstated, 'at most', 'stated')
    end as first_known_basis,
    evidence.article_id, evidence.sentence_id, articles, independent_articles
from adoptions;
comment on view model_adoptions is 'Adoptions: which unit of which province runs a named model, from when on it is known, and by which evidence. The province is that of the newspaper.';
comment on column model_adoptions.province is 'Province of the article on the map of 63; NULL where unknown, as for copies whose original nobody knows.';
comment on column model_adoptions.province_2025 is 'The same on the map of 34.';
comment on column model_adoptions.adopter is 'The unit that runs it, as the evidence writes it; NULL if unsaid: it may be one of those that another row names.';
comment on column model_adoptions.adopter_id is 'unit_mentions.unit_id of the adopter; NULL where the name does not tell which body it is: those are held apart by their names as written, so units of one name count once.';
comment on column model_adoptions.first_known_on is 'First day on which the adoption is known: the day it began where an article states it, else the day of the earliest article; NULL if undated.';
comment on column model_adoptions.first_known_basis is 'stated: an article says when it began; at most: it began on the day of the article or before.';
comment on column model_adoptions.article_id is 'The article that gives the first day.';
comment on column model_adoptions.sentence_id is 'The sentence of that article.';
comment on column model_adoptions.articles is 'Articles that report it, copies included.';
comment on column model_adoptions.independent_articles is 'Of these, without the copies: of each cluster of near-duplicates one.';

-- One panel on either map; `map` is 63 or 34. Merged provinces are one province of the map of 34
-- before anything is counted, so an adopter, a province or an article never counts twice.
create macro adoption_panel_on(map) as table
with
seen as (
    select
        if(map = 34, province_2025, province) as province, month,
        sum(articles)::integer as articles
    from coverage
    group by all
),
provinces as (
    select province, coalesce(sum(articles) filter (month is null), 0)::integer as undated_articles
    from seen
    where province is not null
    group by province
),
months as (
    select unnest(generate_series(min(month), max(month), interval 1 month))::date as month
    from seen
),
placed as (
    select
        model_id, if(map = 34, province_2025, province) as province,
        -- adopters of one name count as one, and an unnamed one as any of the named
        coalesce(adopter_id, lower(adopter)) as adopter,
        date_trunc('month', first_known_on)::date as month, first_known_basis as basis
    from model_adoptions
    where if(map = 34, province_2025, province) is not null
),
firsts as (
    select
        model_id, province, min(month) as first_adoption_month,
        arg_min(basis, (month, basis = 'at most')) as first_adoption_basis,
        bool_or(month is null) as undated_adoption
    from placed
    group by all
),
-- Running totals change in few months only; `asof` carries each to the months after.
adopters as (
    select f.model_id, f.province, t.month, a.adopters
    from firsts f
    cross join months t
    asof join (
        select
            model_id, province, month,
            sum(count(adopter)) over (partition by model_id, province order by month) as adopters
        from (select model_id, province, adopter, min(month) as month from placed group by all)
        where month is not null
        group by model_id, province, month
    ) a on a.model_id = f.model_id and a.province = f.province and a.month <= t.month
),
provinces_reached as (
    select m.model_id, t.month, p.provinces
    from (select distinct model_id from firsts) m
    cross join months t
    asof left join (
        select
            model_id, first_adoption_month as month,
            sum(count(*)) over (partition by model_id order by first_adoption_month) as provinces
        from firsts
        where first_adoption_month is not null
        group by model_id, first_adoption_month
    ) p on p.model_id = m.model_id and p.month <= t.month
)
select
    model_id, province, month,
    coalesce(articles, 0) as articles, undated_articles, articles is not null as covered,
    first_adoption_month, first_adoption_basis,
    coalesce(undated_adoption, false) as undated_adoption,
    coalesce(first_adoption_month = month, false) as adopted,
    case
        when articles is null or month > first_adoption_month then false
        when undated_adoption then null
        else true
    end as at_risk,
    case when month >= first_adoption_month then greatest(1, adopters) else 0 end
        ::integer as cumulative_adopters,
    coalesce(r.provinces, 0)::integer as cumulative_provinces
from provinces_reached r
cross join provinces
left join firsts using (model_id, province)
left join seen using (province, month)
left join adopters using (model_id, province, month);

create view adoption_panel as
select * from adoption_panel_on(63);

comment on view adoption_panel is 'Named models by province and month, on the map of 63, from the first to the last month of the corpus. Ask for a model (where model_id = ...); for event-history analysis take the rows at risk.';
comment on column adoption_panel.month is 'First day of the month.';
comment on column adoption_panel.articles is 'Articles of the province published in the month, copies included.';
comment on column adoption_panel.undated_articles is 'Articles of the province without a day of publication: they may belong to any month.';
comment on column adoption_panel.covered is 'Whether an article of the province was published in the month. Without one, nothing that happened can have been seen.';
comment on column adoption_panel.first_adoption_month is 'Month of the first adoption known in the province, which may lie before the first month of the panel; NULL if none is known or none is dated.';
comment on column adoption_panel.first_adoption_basis is 'stated: an article says when it began; at most: it began in that month or before.';
comment on column adoption_panel.undated_adoption is 'Whether an undated article reports an adoption in the province: it may be the first.';
comment on column adoption_panel.adopted is 'Whether this is the month of the first adoption: the event. Its month is covered, unless its day is stated.';
comment on column adoption_panel.at_risk is 'Covered, and no adoption known before this month; NULL where an undated one may have come before.';
comment on column adoption_panel.cumulative_adopters is 'Adopters known in the province up to this month, at least: an unnamed one counts only if no other is known.';
comment on column adoption_panel.cumulative_provinces is 'Provinces with a known adoption up to this month; 0 before the model is known anywhere.';

create view adoption_panel_2025 as
select * rename (province as province_2025) from adoption_panel_on(34);
comment on view adoption_panel_2025 is 'The same on the map of 34: what the merged provinces adopted counts once, from the first of them on.';

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
        -- structs compare field by field, NULL last: the earliest day, and on it what is stated
        min(struct_pack(
            known_on := coalesce(m.started_on, s.published_on),
            stated := m.started_on is null,
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
        when evidence.known_on is null then null
        when evidence.stated then 'at most' else 'stated'
    end as first_known_basis,
    evidence.article_id, evidence.sentence_id, articles, independent_articles
from adoptions;

-- Views for analysts. Every count stands beside its coverage: no article is not "nothing done".
-- A bound is never averaged as if it were a value, and copies of an article are counted once.

create view coverage as
select
    province, province_2025, outlet,
    date_trunc('month', published_at)::date as month,
    count(*)::integer as articles,
    count(published_at)::integer as dated,
    count(*) filter (list_contains(quality, 'machine_rewritten'))::integer as machine_rewritten
from articles
group by all;
comment on view coverage is 'Articles seen and dated, by province, outlet and month of publication.';
comment on column coverage.province is 'Province on the map of 63.';
comment on column coverage.province_2025 is 'Province on the map of 34.';
comment on column coverage.outlet is 'Newspaper.';
comment on column coverage.month is 'First day of the month of publication; NULL for undated articles.';
comment on column coverage.articles is 'Articles.';
comment on column coverage.dated is 'Of these, with a day of publication.';
comment on column coverage.machine_rewritten is 'Of these, flagged as spun or back-translated.';

create view independent_articles as
select article_id from articles
where article_id not in (
    select article_id from copies
    where direction = 'copy' or (direction = 'unknown' and article_id <> cluster_id)
);
comment on view independent_articles is 'Articles without the copies: of each cluster of near-duplicates one.';
comment on column independent_articles.article_id is 'The article.';

create view facts_in_context as
select
    f.*,
    -- the interval that the statement leaves open; NULL: unbounded on that side or unknown
    case
        when f.comparator in ('gt', 'ge') or f.comparator is null or f.comparator = 'eq'
            then f.value
    end as lower,
    case
        when f.value_max is not null then f.value_max
        when f.comparator in ('lt', 'le') or f.comparator is null or f.comparator = 'eq'
            then f.value
    end as upper,
    coalesce(f.comparator, 'eq') = 'eq' and f.value_max is null as is_point,
    a.corpus, a.source_path, a.outlet, a.province, a.province_2025,
    a.published_at, list_contains(a.quality, 'machine_rewritten') as machine_rewritten,
    substring(a.text, s.start_char + 1, s.end_char - s.start_char) as sentence
from facts f
join articles a using (article_id)
join sentences s using (article_id, sentence_id);
comment on view facts_in_context is 'Facts with their article, province and sentence, and the interval each leaves open.';
comment on column facts_in_context.lower is 'Smallest value the statement allows; NULL if it sets no lower bound.';
comment on column facts_in_context.upper is 'Largest value the statement allows; NULL if it sets no upper bound.';
comment on column facts_in_context.is_point is 'Whether the statement gives one exact value.';
comment on column facts_in_context.machine_rewritten is 'Whether the article is flagged as spun or back-translated.';
comment on column facts_in_context.sentence is 'The sentence, as printed.';

create view indicator_by_province as
select
    unit_id, kind, currency, province_2025, province,
    count(*)::integer as facts,
    count(distinct article_id)::integer as articles,
    count(*) filter (is_point)::integer as points,
    sum(lower)::decimal(38, 6) as sum_lower,
    -- one open side leaves the whole sum open
    case when count(upper) = count(*) then sum(upper)::decimal(38, 6) end as sum_upper,
    avg(value) filter (is_point) as mean_of_points,
    sum(numerator)::decimal(38, 6) as numerator,
    sum(denominator)::decimal(38, 6) as denominator,
    100 * sum(numerator) / nullif(sum(denominator), 0) as percent_of_whole,
    min(percent) as percent_min,
    max(percent) as percent_max
from facts_in_context
join independent_articles using (article_id)
where modality = 'reported' and change is null and unit_id is not null and province is not null
group by all;
comment on view indicator_by_province is 'One counted thing across provinces: reported levels only (no targets, no changes), copies counted once.';
comment on column indicator_by_province.unit_id is 'What is counted.';
comment on column indicator_by_province.kind is 'count, ratio, percent, money, measure or score.';
comment on column indicator_by_province.facts is 'Statements.';
comment on column indicator_by_province.articles is 'Articles they stand in.';
comment on column indicator_by_province.points is 'Of the statements, those that give one exact value.';
comment on column indicator_by_province.sum_lower is 'Sum of the lower bounds (statements without one add nothing).';
comment on column indicator_by_province.sum_upper is 'Sum of the upper bounds; NULL as soon as one is open.';
comment on column indicator_by_province.mean_of_points is 'Mean of the exact values alone.';
comment on column indicator_by_province.numerator is 'Sum of the parts of ratios.';
comment on column indicator_by_province.denominator is 'Sum of the wholes of ratios.';
comment on column indicator_by_province.percent_of_whole is 'Parts over wholes, in percent.';
comment on column indicator_by_province.percent_min is 'Smallest percentage stated.';
comment on column indicator_by_province.percent_max is 'Largest percentage stated.';

create view contradictions as
with
figures as (
    select
        article_id, sentence_id, fact_id, f.value, f.unit_id, f.kind, f.organisation, f.indicator,
        a.province, f.modality, f.change, f.period_start, f.period_end, f.as_of
    from facts f
    join articles a using (article_id)
    where coalesce(f.comparator, 'eq') = 'eq' and f.value_max is null
        and (f.as_of is not null or f.period_start is not null)
),
-- Materialized, so that texts are joined to the few pairs and not before.
pairs as materialized (
    select
        one.*, other.fact_id as other_fact_id, other.value as other_value,
        other.article_id as other_article_id, other.sentence_id as other_sentence_id
    from figures one
    join figures other
        on one.article_id < other.article_id
        and one.unit_id = other.unit_id
        and one.kind = other.kind
        and one.organisation = other.organisation
        and one.indicator = other.indicator
        and one.province = other.province
        and one.modality = other.modality
        and one.change is not distinct from other.change
        and one.period_start is not distinct from other.period_start
        and one.period_end is not distinct from other.period_end
        and one.as_of is not distinct from other.as_of
    where one.value <> other.value
)
select
    p.unit_id, p.organisation, p.indicator, p.province, p.period_start, p.period_end, p.as_of,
    p.fact_id, p.value,
    substring(a.text, s.start_char + 1, s.end_char - s.start_char) as sentence,
    p.other_fact_id, p.other_value,
    substring(oa.text, os.start_char + 1, os.end_char - os.start_char) as other_sentence
from pairs p
join articles a on a.article_id = p.article_id
join sentences s on s.article_id = p.article_id and s.sentence_id = p.sentence_id
join articles oa on oa.article_id = p.other_article_id
join sentences os on os.article_id = p.other_article_id and os.sentence_id = p.other_sentence_id;
comment on view contradictions is 'Two articles that state different values of the same figure: same body, thing counted, words and time.';
comment on column contradictions.value is 'Its value.';
comment on column contradictions.sentence is 'Its sentence.';
comment on column contradictions.other_value is 'The value that the other states.';
comment on column contradictions.other_sentence is 'The sentence of the other.';
comment on column contradictions.fact_id is 'The one fact.';
comment on column contradictions.other_fact_id is 'The other.';

create view house_style as
select
    a.outlet,
    count(*)::integer as checked,
    count(*) filter (f.verdict = 'exact')::integer as exact,
    count(*) filter (f.verdict = 'rounded')::integer as rounded,
    count(*) filter (f.verdict = 'truncated')::integer as truncated,
    count(*) filter (f.verdict = 'inconsistent')::integer as inconsistent,
    count(*) filter (f.verdict = 'impossible')::integer as impossible,
    -- of the rates that had to be shortened, how many were cut rather than rounded
    count(*) filter (f.verdict = 'truncated')
        / nullif(count(*) filter (f.verdict in ('rounded', 'truncated')), 0) as truncated_share
from facts f
join articles a using (article_id)
where f.verdict is not null
group by all;
comment on view house_style is 'How each newspaper states percentages, held against its own parts and wholes.';
comment on column house_style.checked is 'Statements that could be checked.';
comment on column house_style.exact is 'Equal without rounding.';
comment on column house_style.rounded is 'Right when rounded to the stated decimals.';
comment on column house_style.truncated is 'Right only when cut at the stated decimals.';
comment on column house_style.inconsistent is 'Neither.';
comment on column house_style.impossible is 'A part larger than its whole.';
comment on column house_style.truncated_share is 'Of the rates that had to be shortened, the share that was cut rather than rounded.';

create view directive_citations as
select
    d.directive_id, d.issuer, d.issued_on, d.title,
    a.province, a.province_2025,
    date_trunc('month', a.published_at)::date as month,
    count(*)::integer as mentions,
    count(distinct a.article_id)::integer as articles
from directive_mentions m
join directives d using (directive_id)
join articles a using (article_id)
join independent_articles using (article_id)
group by all;
comment on view directive_citations is 'Central documents cited, by province and month; hold it against coverage.';
comment on column directive_citations.issued_on is 'Day on which the document was issued.';
comment on column directive_citations.title is 'What the document is about.';
comment on column directive_citations.month is 'First day of the month of publication; NULL for undated articles.';
comment on column directive_citations.issuer is 'Body that issued the document.';
comment on column directive_citations.mentions is 'Mentions.';
comment on column directive_citations.articles is 'Articles that mention it, copies counted once.';

create view directive_cascade as
select
    l.article_id, l.sentence_id, a.province, a.province_2025, a.published_at,
    o.surface as local_document, o.doc_type as local_doc_type, o.issuer as local_issuer,
    o.issued_on as local_issued_on,
    l.implements_directive_id as directive_id, d.issued_on,
    -- the day of publication is the latest day on which the local document can have been issued
    date_diff('day', d.issued_on, coalesce(o.issued_on, a.published_at::date)) as lag_days,
    case
        when o.issued_on is not null then 'stated'
        when a.published_at is not null then 'at most'
    end as lag_basis,
    l.surface
from directive_links l
join articles a using (article_id)
join directive_mentions o
    on o.article_id = l.article_id and o.start_char = l.start_char
left join directives d on d.directive_id = l.implements_directive_id;
comment on view directive_cascade is 'Which local document carries out which central one, and how long after.';
comment on column directive_cascade.local_doc_type is 'Kind of the local document.';
comment on column directive_cascade.local_issuer is 'Body that issued the local document.';
comment on column directive_cascade.local_issued_on is 'Day of the local document, where the text states it.';
comment on column directive_cascade.issued_on is 'Day on which the central document was issued.';
comment on column directive_cascade.surface is 'The words from the one to the other.';
comment on column directive_cascade.local_document is 'The local document as written.';
comment on column directive_cascade.directive_id is 'The document it carries out, where resolved.';
comment on column directive_cascade.lag_days is 'Days from the central document to the local one, or to the article that reports it.';
comment on column directive_cascade.lag_basis is 'stated: the text gives the local document''s day; at most: the article''s day bounds it.';

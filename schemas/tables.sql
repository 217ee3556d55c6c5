-- The warehouse: one table a record of pipeline/records.py, plus what is found across articles.
-- Offsets are half-open [start_char, end_char) in Unicode code points of articles.text, and
-- substring(text, start_char + 1, end_char - start_char) = surface for every mention and fact.
-- Missing is NULL. There are no key constraints: the file is written whole in one transaction,
-- and the tests hold every key unique.

create table articles (
    article_id          varchar not null,
    corpus              varchar not null,
    source_path         varchar not null,
    url                 varchar,
    outlet              varchar,
    outlet_evidence     varchar,
    province            varchar,
    province_2025       varchar,
    province_evidence   varchar,
    title               varchar,
    lead                varchar,
    author              varchar,
    published_at        timestamp,
    published_evidence  varchar,
    cms_news_id         bigint,
    text                varchar not null,
    content_hash        varchar not null,
    quality             varchar[] not null,
    extraction_method   varchar not null
);
comment on table articles is 'One row an article, as its page was captured.';
comment on column articles.article_id is 'Identifier made of corpus and source path: the same on every ingest of the same source.';
comment on column articles.corpus is 'Name of the corpus it was ingested with.';
comment on column articles.source_path is 'Where the capture is, relative to the corpus folder; archive.warc.gz#12 is a record in a container.';
comment on column articles.url is 'Address of the page, where the capture or corpus.toml states it.';
comment on column articles.outlet is 'The newspaper, such as Báo Bình Dương.';
comment on column articles.outlet_evidence is 'What the newspaper was read from.';
comment on column articles.province is 'Province (tỉnh) in force when published, by its short name on the map of 63.';
comment on column articles.province_2025 is 'Name on the map of 34 provinces of 1 July 2025.';
comment on column articles.province_evidence is 'What the province was read from.';
comment on column articles.title is 'Headline; NULL where the capture has none.';
comment on column articles.lead is 'Opening paragraph set apart from the body (sapo).';
comment on column articles.author is 'Byline as printed.';
comment on column articles.published_at is 'Day and time of publication, local wall time; NULL where it cannot be known.';
comment on column articles.published_evidence is 'What the date was read from; all candidates are in date_candidates.';
comment on column articles.cms_news_id is 'The content system''s own number of the article, from a leaked dump.';
comment on column articles.text is 'The kept blocks in reading order, joined by newlines.';
comment on column articles.content_hash is 'SHA-256 of the captured bytes.';
comment on column articles.quality is 'Flags such as missing_title, missing_date, machine_rewritten.';
comment on column articles.extraction_method is 'How the page was cut into blocks.';

create table blocks (
    article_id  varchar not null,
    block_no    integer not null,
    role        varchar not null,
    kept        boolean not null,
    start_char  integer,
    end_char    integer,
    raw_start   integer,
    raw_end     integer,
    raw_text    varchar not null,
    rule        varchar not null
);
comment on table blocks is 'Every stretch of the source, kept or removed: the ledger of cleaning.';
comment on column blocks.article_id is 'The article.';
comment on column blocks.block_no is '0, 1, 2 ... in the order of the page.';
comment on column blocks.role is 'title, dateline, rubric, lead, heading, paragraph, caption, box, author, boilerplate, php_dump or related.';
comment on column blocks.kept is 'Whether it stands in articles.text.';
comment on column blocks.start_char is 'Start in articles.text; NULL if removed.';
comment on column blocks.end_char is 'End in articles.text; NULL if removed.';
comment on column blocks.raw_start is 'Start in the decoded source; NULL where HTML has no such place.';
comment on column blocks.raw_end is 'End in the decoded source; NULL where HTML has no such place.';
comment on column blocks.raw_text is 'The stretch as the source has it.';
comment on column blocks.rule is 'The rule that gave it its role.';

create table related_news (
    article_id    varchar not null,
    dump_no       integer not null,
    entry_no      integer not null,
    news_id       bigint,
    title         varchar,
    category_1    varchar,
    category_2    varchar,
    published_at  timestamp,
    created_at    timestamp,
    picture       varchar,
    is_self       boolean not null
);
comment on table related_news is 'Entries of PHP dumps that the newspaper''s templates leaked into the page.';
comment on column related_news.article_id is 'The article whose page leaked them.';
comment on column related_news.dump_no is '0, 1 ... of the dumps of the page.';
comment on column related_news.entry_no is '0, 1 ... of the entries of the dump.';
comment on column related_news.news_id is 'The content system''s number of the news item.';
comment on column related_news.title is 'Headline of the item.';
comment on column related_news.category_1 is 'First category code.';
comment on column related_news.category_2 is 'Second category code.';
comment on column related_news.published_at is 'When the item was published.';
comment on column related_news.created_at is 'When the item was entered.';
comment on column related_news.picture is 'File name of its picture.';
comment on column related_news.is_self is 'Whether the item is this very article.';

create table date_candidates (
    article_id  varchar not null,
    value       timestamp not null,
    surface     varchar not null,
    rule        varchar not null,
    chosen      boolean not null
);
comment on table date_candidates is 'Every date seen that may be the day of publication.';
comment on column date_candidates.article_id is 'The article.';
comment on column date_candidates.value is 'The date, local wall time.';
comment on column date_candidates.surface is 'As written.';
comment on column date_candidates.rule is 'Where it was found.';
comment on column date_candidates.chosen is 'Whether it became articles.published_at.';

create table quality_flags (
    article_id  varchar not null,
    flag        varchar not null,
    evidence    varchar not null
);
comment on table quality_flags is 'Warnings about articles, each with what says so; articles.quality lists them.';
comment on column quality_flags.article_id is 'The article.';
comment on column quality_flags.flag is 'The warning: missing_title, missing_date, machine_rewritten ...';
comment on column quality_flags.evidence is 'What says so.';

create table repairs (
    article_id  varchar not null,
    start_char  integer not null,
    end_char    integer not null,
    before      varchar not null,
    after       varchar not null,
    rule        varchar not null
);
comment on table repairs is 'Small edits that cleaning made to the text: glued words, stray letters, invisible characters.';
comment on column repairs.article_id is 'The article.';
comment on column repairs.start_char is 'Start of the replacement in articles.text.';
comment on column repairs.end_char is 'End of the replacement; equal to the start where something was only taken away.';
comment on column repairs.before is 'What the source had.';
comment on column repairs.after is 'What stands there now.';
comment on column repairs.rule is 'The step that proposed it.';

create table sentences (
    article_id   varchar not null,
    sentence_id  integer not null,
    block_no     integer not null,
    start_char   integer not null,
    end_char     integer not null
);
comment on table sentences is 'Sentences of articles.text.';
comment on column sentences.article_id is 'The article.';
comment on column sentences.sentence_id is '0, 1, 2 ... within the article.';
comment on column sentences.block_no is 'The block it stands in.';
comment on column sentences.start_char is 'Start in articles.text.';
comment on column sentences.end_char is 'End in articles.text.';

create table entity_mentions (
    article_id   varchar not null,
    sentence_id  integer not null,
    surface      varchar not null,
    start_char   integer not null,
    end_char     integer not null,
    label        varchar not null,
    rule         varchar not null
);
comment on table entity_mentions is 'Names found by underthesea''s tagger: evidence, not verdicts.';
comment on column entity_mentions.article_id is 'The article.';
comment on column entity_mentions.sentence_id is 'The sentence.';
comment on column entity_mentions.surface is 'As written.';
comment on column entity_mentions.start_char is 'Start in articles.text.';
comment on column entity_mentions.end_char is 'End in articles.text.';
comment on column entity_mentions.label is 'PER, LOC, ORG or MISC.';
comment on column entity_mentions.rule is 'The tagger.';

create table abbreviations (
    article_id   varchar not null,
    sentence_id  integer not null,
    short        varchar not null,
    long         varchar not null,
    surface      varchar not null,
    start_char   integer not null,
    end_char     integer not null,
    rule         varchar not null
);
comment on table abbreviations is 'Short forms that an article declares.';
comment on column abbreviations.article_id is 'The article.';
comment on column abbreviations.sentence_id is 'The sentence.';
comment on column abbreviations.short is 'The short form, such as BTV.';
comment on column abbreviations.long is 'What it stands for, such as Ban Thường vụ.';
comment on column abbreviations.surface is 'The short form where it is declared.';
comment on column abbreviations.start_char is 'Start in articles.text.';
comment on column abbreviations.end_char is 'End in articles.text.';
comment on column abbreviations.rule is 'The rule that found it.';

create table unit_mentions (
    article_id   varchar not null,
    sentence_id  integer not null,
    surface      varchar not null,
    start_char   integer not null,
    end_char     integer not null,
    name         varchar not null,
    unit_id      varchar,
    unit_type    varchar not null,
    level        varchar,
    territory    varchar,
    parent       varchar,
    rule         varchar not null
);
comment on table unit_mentions is 'Party, state and mass organisations named (tổ chức, cơ quan, đơn vị).';
comment on column unit_mentions.article_id is 'The article.';
comment on column unit_mentions.sentence_id is 'The sentence.';
comment on column unit_mentions.surface is 'As written.';
comment on column unit_mentions.start_char is 'Start in articles.text.';
comment on column unit_mentions.end_char is 'End in articles.text.';
comment on column unit_mentions.name is 'Name completed from the article''s province and its fuller mentions.';
comment on column unit_mentions.unit_id is 'Identifier of the completed name; NULL where the name alone does not tell which body it is.';
comment on column unit_mentions.unit_type is 'Kind of body: chi_bo, dang_uy, ubnd ...';
comment on column unit_mentions.level is 'central, province, district, commune or base.';
comment on column unit_mentions.territory is 'Place it governs or serves.';
comment on column unit_mentions.parent is 'Completed name of the body it belongs to, where the name says so.';
comment on column unit_mentions.rule is 'The rule that found it.';

create table directives (
    directive_id  varchar not null,
    doc_type      varchar not null,
    number        varchar,
    suffix        varchar,
    term          varchar,
    issuer        varchar not null,
    issued_on     date,
    title         varchar,
    plenum        integer
);
comment on table directives is 'The authority file: central documents that party papers cite.';
comment on column directives.directive_id is 'Number, suffix and term: 05-CT/TW@XII; congress resolutions NQ-DH@XIII.';
comment on column directives.doc_type is 'Kind of document: chi_thi, ket_luan, nghi_quyet ...';
comment on column directives.number is 'Number, two digits or more.';
comment on column directives.suffix is 'Suffix after the number, such as CT/TW.';
comment on column directives.term is 'Congress term in which it was issued, Roman.';
comment on column directives.issuer is 'Body that issued it.';
comment on column directives.issued_on is 'Day of issue; NULL where not certain.';
comment on column directives.title is 'What it is about.';
comment on column directives.plenum is 'Number of the Central Committee plenum it came from.';

create table directive_mentions (
    article_id    varchar not null,
    sentence_id   integer not null,
    surface       varchar not null,
    start_char    integer not null,
    end_char      integer not null,
    doc_type      varchar not null,
    number        varchar,
    suffix        varchar,
    term          varchar,
    issuer        varchar,
    year          integer,
    issued_on     date,
    directive_id  varchar,
    resolution    varchar,
    rule          varchar not null
);
comment on table directive_mentions is 'Documents of party and state referred to; coordinated references give one row each.';
comment on column directive_mentions.article_id is 'The article.';
comment on column directive_mentions.sentence_id is 'The sentence.';
comment on column directive_mentions.surface is 'As written.';
comment on column directive_mentions.start_char is 'Start in articles.text.';
comment on column directive_mentions.end_char is 'End in articles.text.';
comment on column directive_mentions.doc_type is 'Kind of document: chi_thi (directive), ket_luan (conclusion), nghi_quyet (resolution) ...';
comment on column directive_mentions.number is 'Number, two digits or more: 05.';
comment on column directive_mentions.suffix is 'Suffix after the number: CT/TW.';
comment on column directive_mentions.term is 'Congress term, Roman: XII.';
comment on column directive_mentions.issuer is 'Body that issued it.';
comment on column directive_mentions.year is 'Year stated.';
comment on column directive_mentions.issued_on is 'Day of issue, where the text states it.';
comment on column directive_mentions.directive_id is 'The document of the table directives; NULL unless exactly one fits.';
comment on column directive_mentions.resolution is 'How it was resolved, or why it was not.';
comment on column directive_mentions.rule is 'The rule that found it.';

create table directive_links (
    article_id               varchar not null,
    sentence_id              integer not null,
    start_char               integer not null,
    implements_start_char    integer not null,
    implements_directive_id  varchar,
    surface                  varchar not null,
    rule                     varchar not null
);
comment on table directive_links is 'The cascade: a document said to carry out another one.';
comment on column directive_links.article_id is 'The article.';
comment on column directive_links.sentence_id is 'The sentence.';
comment on column directive_links.start_char is 'Start of the mention of the document that carries out.';
comment on column directive_links.implements_start_char is 'Start of the mention of the document carried out.';
comment on column directive_links.implements_directive_id is 'The document carried out, where resolved.';
comment on column directive_links.surface is 'The words from the one to the other.';
comment on column directive_links.rule is 'The rule that found it.';

create table official_mentions (
    article_id    varchar not null,
    sentence_id   integer not null,
    surface       varchar not null,
    start_char    integer not null,
    end_char      integer not null,
    name          varchar not null,
    honorific     varchar,
    role          varchar,
    organisation  varchar,
    official_id   varchar,
    rule          varchar not null
);
comment on table official_mentions is 'People in office (cán bộ lãnh đạo), one row a mention.';
comment on column official_mentions.article_id is 'The article.';
comment on column official_mentions.sentence_id is 'The sentence.';
comment on column official_mentions.surface is 'As written.';
comment on column official_mentions.start_char is 'Start in articles.text.';
comment on column official_mentions.end_char is 'End in articles.text.';
comment on column official_mentions.name is 'Bare name.';
comment on column official_mentions.honorific is 'Form of address: ông, bà, đồng chí ...';
comment on column official_mentions.role is 'Post as written, here or at the fuller mention it is carried from.';
comment on column official_mentions.organisation is 'Body in which the post is held.';
comment on column official_mentions.official_id is 'One person across articles: only where name and organisation agree.';
comment on column official_mentions.rule is 'The rule that found it.';

create table model_mentions (
    article_id   varchar not null,
    sentence_id  integer not null,
    surface      varchar not null,
    start_char   integer not null,
    end_char     integer not null,
    name         varchar not null,
    model_id     varchar,
    model_type   varchar,
    adopter      varchar,
    status       varchar,
    started_on   date,
    rule         varchar not null
);
comment on table model_mentions is 'Named models (mô hình, cách làm, phong trào, câu lạc bộ).';
comment on column model_mentions.article_id is 'The article.';
comment on column model_mentions.sentence_id is 'The sentence.';
comment on column model_mentions.surface is 'As written.';
comment on column model_mentions.start_char is 'Start in articles.text.';
comment on column model_mentions.end_char is 'End in articles.text.';
comment on column model_mentions.name is 'Name without quotation marks.';
comment on column model_mentions.model_id is 'Identifier that all variants of the name share.';
comment on column model_mentions.model_type is 'mo_hinh, cach_lam, phong_trao, cau_lac_bo ...';
comment on column model_mentions.adopter is 'The unit that runs it, as written; NULL if unsaid.';
comment on column model_mentions.status is 'pilot (thí điểm), scaled_up (nhân rộng), maintained (duy trì) or launched, where said.';
comment on column model_mentions.started_on is 'Day or month it began, where said.';
comment on column model_mentions.rule is 'The rule that found it.';

create table facts (
    article_id        varchar not null,
    sentence_id       integer not null,
    fact_id           varchar not null,
    surface           varchar not null,
    start_char        integer not null,
    end_char          integer not null,
    kind              varchar not null,
    value             decimal(38, 6) not null,
    value_max         decimal(38, 6),
    numerator         decimal(38, 6),
    denominator       decimal(38, 6),
    percent           decimal(38, 6),
    percent_computed  decimal(38, 6),
    verdict           varchar,
    comparator        varchar,
    unit              varchar,
    unit_id           varchar,
    currency          varchar,
    modality          varchar not null,
    change            varchar,
    change_base       varchar,
    indicator         varchar,
    organisation      varchar,
    period_start      date,
    period_end        date,
    as_of             date,
    speaker           varchar,
    directive_id      varchar,
    rule              varchar not null
);
comment on table facts is 'Stated statistics: counts, ratios, percentages, sums of money, measures.';
comment on column facts.article_id is 'The article.';
comment on column facts.sentence_id is 'The sentence.';
comment on column facts.fact_id is 'Article and number within it.';
comment on column facts.surface is 'The number with its comparator and unit, as written.';
comment on column facts.start_char is 'Start in articles.text.';
comment on column facts.end_char is 'End in articles.text.';
comment on column facts.kind is 'count, ratio, percent, money, measure or score.';
comment on column facts.value is 'The value, scale resolved: a ratio''s is its numerator, a percent''s the percentage.';
comment on column facts.value_max is 'Upper end of a range.';
comment on column facts.numerator is 'Part of a ratio.';
comment on column facts.denominator is 'Whole of a ratio.';
comment on column facts.percent is 'Percentage as stated.';
comment on column facts.percent_computed is 'Percentage as it follows from part and whole.';
comment on column facts.verdict is 'Stated percentage against the computed one: exact, rounded, truncated, inconsistent, impossible; NULL where there is nothing to check.';
comment on column facts.comparator is 'eq or NULL exact; approx khoảng; gt hơn, trên; lt gần, dưới; ge ít nhất, trở lên; le không quá, tối đa.';
comment on column facts.unit is 'The counted noun phrase as written; đồng also where tỷ or triệu stands alone.';
comment on column facts.unit_id is 'Identifier of the counted noun.';
comment on column facts.currency is 'ISO code of money.';
comment on column facts.modality is 'reported or target.';
comment on column facts.change is 'increase or decrease, where the number is a change.';
comment on column facts.change_base is 'What the change is measured against.';
comment on column facts.indicator is 'What was done or measured, in the text''s words.';
comment on column facts.organisation is 'Whose figure it is.';
comment on column facts.period_start is 'First day of the period it is about.';
comment on column facts.period_end is 'Last day of the period it is about.';
comment on column facts.as_of is 'Day on which it stood so.';
comment on column facts.speaker is 'Person who said it.';
comment on column facts.directive_id is 'Document whose carrying out it reports.';
comment on column facts.rule is 'The rule that read it.';

create table fact_checks (
    article_id      varchar not null,
    sentence_id     integer not null,
    whole_fact_id   varchar not null,
    part_fact_ids   varchar[] not null,
    whole           decimal(38, 6) not null,
    parts_sum       decimal(38, 6) not null,
    holds           boolean not null,
    rule            varchar not null
);
comment on table fact_checks is 'Sums of parts held against the whole that the text states.';
comment on column fact_checks.article_id is 'The article.';
comment on column fact_checks.sentence_id is 'The sentence.';
comment on column fact_checks.whole_fact_id is 'The whole.';
comment on column fact_checks.part_fact_ids is 'The parts.';
comment on column fact_checks.whole is 'Value of the whole.';
comment on column fact_checks.parts_sum is 'Sum of the parts.';
comment on column fact_checks.holds is 'Whether they agree.';
comment on column fact_checks.rule is 'The rule that saw the list.';

create table models (
    model_id  varchar not null,
    name      varchar not null,
    variants  integer not null
);
comment on table models is 'Named models, one row for all variants of a name.';
comment on column models.model_id is 'Identifier.';
comment on column models.name is 'The name most often written.';
comment on column models.variants is 'Number of spellings seen.';

create table model_variants (
    model_id    varchar not null,
    name        varchar not null,
    similarity  double not null,
    reason      varchar not null
);
comment on table model_variants is 'Which written names share a model_id, and why.';
comment on column model_variants.model_id is 'The model.';
comment on column model_variants.name is 'The name as written.';
comment on column model_variants.similarity is 'Cosine similarity of character n-grams with the model''s name; 1 where the keys are the same.';
comment on column model_variants.reason is 'same key, similar names, or the researcher''s models.toml.';

create table copies (
    article_id         varchar not null,
    cluster_id         varchar not null,
    parent_article_id  varchar,
    similarity         double not null,
    direction          varchar not null
);
comment on table copies is 'Articles that are near-duplicates of one another (syndicated or spun copies).';
comment on column copies.article_id is 'The article.';
comment on column copies.cluster_id is 'The cluster: the smallest article_id in it.';
comment on column copies.parent_article_id is 'The earliest dated version; NULL for that one itself, and where no date tells.';
comment on column copies.similarity is 'Jaccard similarity of word shingles with the parent, or with the nearest other article.';
comment on column copies.direction is 'original, copy or unknown.';

create table failures (
    corpus       varchar not null,
    source_path  varchar not null,
    stage        varchar not null,
    code         varchar not null,
    detail       varchar not null
);
comment on table failures is 'Sources and pages that yielded no article, and why.';
comment on column failures.corpus is 'The corpus.';
comment on column failures.source_path is 'The source.';
comment on column failures.stage is 'read, clean or annotate.';
comment on column failures.code is 'Reason in one word.';
comment on column failures.detail is 'Reason for a person: what was seen and what to do.';

create table captures (
    corpus        varchar not null,
    source_path   varchar not null,
    content_hash  varchar not null,
    article_id    varchar
);
comment on table captures is 'Every page that was read, with or without an article.';
comment on column captures.corpus is 'The corpus.';
comment on column captures.source_path is 'The source.';
comment on column captures.content_hash is 'SHA-256 of the captured bytes.';
comment on column captures.article_id is 'The article it became; NULL if none.';

create table runs (
    run_id        varchar not null,
    corpus        varchar not null,
    started_at    timestamp not null,
    finished_at   timestamp not null,
    code_version  varchar not null,
    lexicon_hash  varchar not null,
    corpus_version varchar not null,
    pages         integer not null,
    articles      integer not null,
    failures      integer not null,
    facts         integer not null
);
comment on table runs is 'One row an ingest that changed the warehouse.';
comment on column runs.run_id is 'Identifier.';
comment on column runs.corpus is 'The corpus ingested.';
comment on column runs.started_at is 'When it began (UTC).';
comment on column runs.finished_at is 'When the warehouse was written (UTC).';
comment on column runs.code_version is 'Version of the program and a hash of its source.';
comment on column runs.lexicon_hash is 'Hash of what the program knows (pipeline/lexicon).';
comment on column runs.corpus_version is 'Hash of the sources and of what read them: same version, same rows.';
comment on column runs.pages is 'Pages in the corpus.';
comment on column runs.articles is 'Articles in the corpus.';
comment on column runs.failures is 'Failures in the corpus.';
comment on column runs.facts is 'Facts in the corpus.';

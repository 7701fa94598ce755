// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/record_panel.h"

#include "app/models/background.h"
#include "app/panels/record_copy.h"
#include "widgets/dashboard/panel_frame.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t mostDerivedTabs = 3;
constexpr std::size_t laidOutAtOnce = 64 * 1024; ///< bytes of a value: a few milliseconds

void copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

using Lines = std::vector<inspector::InspectorLine>;

/// Where a line stands below its section; no steps for the section itself.
JsonFieldPath pathOf(const Lines& lines, int line)
{
    JsonFieldPath path;
    auto at = static_cast<std::size_t>(line);
    while (lines[at].depth > 0 && at > 0) {
        std::size_t place = 0; // among its neighbours
        std::size_t parent = at - 1;
        for (; parent > 0 && lines[parent].depth >= lines[at].depth; --parent)
            place += lines[parent].depth == lines[at].depth ? 1 : 0;
        if (lines[parent].type == QLatin1String("array"))
            path.steps.push_back({{}, place});
        else
            path.steps.push_back({lines[at].key.toStdString(), std::nullopt});
        at = parent;
    }
    std::reverse(path.steps.begin(), path.steps.end());
    return path;
}

QString pathText(const Lines& lines, int line)
{
    const JsonFieldPath path = pathOf(lines, line);
    return path.steps.empty() ? lines[static_cast<std::size_t>(line)].key : QString::fromStdString(path.text());
}

} // namespace

RecordPanel::RecordPanel(Background& background, QWidget* parent) : QWidget(parent), m_background(background)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* split = new QSplitter(Qt::Horizontal, this);
    createDissection(split);
    createBytes(split);
    split->setSizes({560, 500});
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    layout->addWidget(split);
    showRecord(StoredRow());
}

void RecordPanel::createDissection(QWidget* parent)
{
    m_dissection = dashboard::PanelFrame::pane(tr("Dissection"), parent);
    m_json = new inspector::JsonView(m_dissection);
    m_dissection->setBody(m_json);
    m_follow = new QPushButton(style::icon(style::Icon::Link), tr("Follow key"));
    m_follow->setToolTip(tr("All records of this key, over all partitions, by time"));
    m_compare = new QPushButton(style::icon(style::Icon::Table), tr("Compare…"));
    m_compare->setToolTip(tr("With the record before of this key, a marked one, the one looked at before"));
    for (QPushButton* button : {m_follow, m_compare}) {
        style::setRole(button, style::Role::Link);
        m_dissection->addHeadWidget(button);
    }
    connect(m_follow, &QPushButton::clicked, this, &RecordPanel::followKeyRequested);
    connect(m_compare, &QPushButton::clicked, this, [this] {
        QMenu menu;
        emit comparisonsRequested(&menu);
        menu.exec(m_compare->mapToGlobal(QPoint(0, m_compare->height())));
    });
    connect(m_json, &inspector::JsonView::currentLineChanged, this, &RecordPanel::chooseLine);
    connect(m_json, &inspector::JsonView::lineMenuRequested, this, &RecordPanel::fieldMenu);
    connect(m_json, &inspector::JsonView::bytesChosen, this, [this](int layer, const inspector::ByteSpan& bytes) {
        showBytes(layer);
        m_hex->setSelection(bytes);
    });
}

void RecordPanel::createBytes(QWidget* parent)
{
    m_bytes = dashboard::PanelFrame::pane(tr("Bytes"), parent);
    createTabs(m_bytes);
    auto* body = new QWidget(m_bytes);
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_hex = new inspector::HexView(body);
    m_hex->setEmptyText(tr("no bytes"));
    m_fields = new inspector::FieldList(body);
    layout->addWidget(m_hex, 1);
    layout->addWidget(m_fields);
    m_bytes->setBody(body);
    connect(m_hex, &inspector::HexView::selectionChanged, this,
        [this](const inspector::ByteSpan& bytes) { m_json->selectBytes(m_layer, bytes); });
    connect(m_hex, &inspector::HexView::bytesMenuRequested, this, &RecordPanel::bytesMenu);
}

void RecordPanel::createTabs(QWidget* parent)
{
    auto* row = new QWidget(parent);
    m_segments = new QHBoxLayout(row);
    m_segments->setContentsMargins(0, 0, 0, 0);
    m_segments->setSpacing(0);
    m_tabs = new QButtonGroup(this);
    addTab(tr("Value"), ValueLayer);
    addTab(tr("Key"), KeyLayer);
    addTab(tr("Headers"), FirstHeaderLayer);
    m_bytes->addHeadWidget(row);
    connect(m_tabs, &QButtonGroup::idClicked, this, &RecordPanel::chooseTab);
}

void RecordPanel::addTab(const QString& name, int layer)
{
    auto* button = new QPushButton(name);
    style::setRole(button, style::Role::Segment);
    button->setCheckable(true);
    m_tabs->addButton(button, layer);
    m_segments->addWidget(button);
}

QList<QWidget*> RecordPanel::panes() const
{
    return {m_json, m_hex};
}

void RecordPanel::showRecord(const StoredRow& record)
{
    m_record = record;
    ++m_shown;
    m_comparing = false;
    m_fields->setRows({});
    m_follow->setEnabled(record.isHere() && record.batch->key(record.index).has_value());
    m_compare->setEnabled(record.isHere());
    take({});
    if (!m_record.isHere()) {
        m_dissection->setUnit({});
        m_json->setEmptyText(tr("Select a record to see it in full."));
        showBytes(ValueLayer);
        return;
    }
    const RecordBatch& batch = *m_record.batch;
    m_dissection->setUnit(QStringLiteral("%1 %2@%3")
                              .arg(QString::fromStdString(batch.topic()))
                              .arg(batch.partition().value)
                              .arg(batch.offset(m_record.index)));
    layOut();
    showBytes(ValueLayer);
}

void RecordPanel::layOut()
{
    const auto value = m_record.batch->value(m_record.index);
    if (!value || value->size() <= laidOutAtOnce) {
        take(dissect(*m_record.batch, m_record.index));
        return;
    }
    m_json->setEmptyText(tr("Laying out %1 …").arg(format::bytes(static_cast<double>(value->size()))));
    m_background.run(
        this, [record = m_record] { return dissect(*record.batch, record.index); },
        [this, number = m_shown](Dissection dissection) {
            if (number == m_shown)
                take(std::move(dissection));
        });
}

/// Each layer has a tab; those beyond the first few are reached by their lines.
void RecordPanel::take(Dissection dissection)
{
    for (std::size_t i = 0; i < m_derived.size(); ++i)
        delete m_tabs->button(FirstDerivedLayer + static_cast<int>(i));
    m_derived = std::move(dissection.derived);
    for (std::size_t i = 0; i < std::min(m_derived.size(), mostDerivedTabs); ++i)
        addTab(m_derived[i].name, FirstDerivedLayer + static_cast<int>(i));
    m_json->setLines(std::move(dissection.lines));
}

std::optional<std::string_view> RecordPanel::bytesOf(int layer) const
{
    if (layer < FirstDerivedLayer)
        return layerBytes(*m_record.batch, m_record.index, layer);
    const auto at = static_cast<std::size_t>(layer - FirstDerivedLayer);
    return at < m_derived.size() ? std::optional<std::string_view>(*m_derived[at].bytes) : std::nullopt;
}

void RecordPanel::compare(const StoredRow& before, const StoredRow& record)
{
    if (!m_record.isHere() || m_record.batch != record.batch || m_record.index != record.index)
        return;
    m_background.run(
        this, [before, record] { return diffRecords(*before.batch, before.index, *record.batch, record.index); },
        [this, before, number = m_shown](const std::vector<DiffLine>& lines) {
            if (number == m_shown)
                showComparison(before, lines);
        });
}

void RecordPanel::showComparison(const StoredRow& before, const std::vector<DiffLine>& lines)
{
    m_comparing = true;
    m_json->setLines(comparisonLines(lines));
    m_dissection->setUnit(tr("%1 differences from %2 %3@%4")
                              .arg(format::grouped(static_cast<qint64>(differencesIn(lines))),
                                  QString::fromStdString(before.batch->topic()))
                              .arg(before.batch->partition().value)
                              .arg(before.batch->offset(before.index)));
}

void RecordPanel::endComparison()
{
    showRecord(StoredRow(m_record));
}

void RecordPanel::showBytes(int layer)
{
    m_layer = layer;
    const bool derived = layer >= FirstDerivedLayer;
    if (auto* tab = m_tabs->button(derived ? layer : std::min<int>(layer, FirstHeaderLayer)))
        tab->setChecked(true);
    if (!m_record.isHere()) {
        m_bytes->setUnit({});
        m_hex->setBytes({});
        return;
    }
    const auto bytes = bytesOf(layer);
    const std::string_view shown = bytes.value_or(std::string_view());
    const QString size = format::bytes(static_cast<double>(shown.size()));
    m_bytes->setUnit(derived ? tr("%1, taken out").arg(size) : tr("%1, as received").arg(size));
    m_hex->setEmptyText(bytes ? tr("empty") : tr("null"));
    // The view asks for what it shows; batch and layer are kept alive by the lookup itself.
    const auto opened = derived ? m_derived[static_cast<std::size_t>(layer - FirstDerivedLayer)].bytes : nullptr;
    m_hex->setSource(
        static_cast<qint64>(shown.size()), [batch = m_record.batch, opened, shown](qint64 offset, qint64 count) {
            const std::string_view part =
                shown.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
            return QByteArray(part.data(), static_cast<qsizetype>(part.size()));
        });
}

void RecordPanel::chooseTab(int layer)
{
    showBytes(layer);
    if (m_record.isHere())
        m_json->selectBytes(m_layer, {0, static_cast<qint64>(m_hex->size())});
}

void RecordPanel::chooseLine(int line)
{
    if (line < 0 || line >= static_cast<int>(m_json->lines().size())) {
        m_fields->setRows({});
        return;
    }
    std::vector<inspector::FieldRow> rows = fieldRows(m_json->lines()[static_cast<std::size_t>(line)]);
    rows.insert(rows.begin(), {tr("Field"), {{pathText(m_json->lines(), line), inspector::FieldText::Look::Accent}}});
    m_fields->setRows(std::move(rows));
    m_fields->updateGeometry();
}

void RecordPanel::fieldMenu(int line, const QPoint& place)
{
    if (!m_record.isHere() || line < 0 || line >= static_cast<int>(m_json->lines().size()))
        return;
    const inspector::InspectorLine chosen = m_json->lines()[static_cast<std::size_t>(line)];
    QMenu menu;
    addFieldActions(menu, chosen, pathOf(m_json->lines(), line));
    const style::Icon icon = style::Icon::Copy;
    menu.addAction(style::icon(icon), tr("Copy value"), this, [this, chosen] {
        const auto bytes = bytesOf(chosen.layer);
        if (chosen.bytes.isEmpty() || !bytes)
            copy(chosen.value);
        else
            copy(copyText(bytes->substr(
                static_cast<std::size_t>(chosen.bytes.first), static_cast<std::size_t>(chosen.bytes.length()))));
    });
    menu.addAction(tr("Copy name and value"), this, [chosen] { copy(chosen.key + QLatin1Char('\t') + chosen.value); });
    menu.addAction(tr("Copy path"), this, [path = pathText(m_json->lines(), line)] { copy(path); });
    menu.exec(place);
}

/// What can be done with a field of the value beyond copying it.
void RecordPanel::addFieldActions(QMenu& menu, const inspector::InspectorLine& line, const JsonFieldPath& path)
{
    const auto value = m_record.batch->value(m_record.index);
    if (line.layer >= FirstDerivedLayer)
        return;
    if (line.layer >= FirstHeaderLayer) {
        menu.addAction(style::icon(style::Icon::Table), tr("Add as column"), this,
            [this, name = line.key] { emit headerColumnRequested(name); });
        menu.addSeparator();
        return;
    }
    if (line.layer != ValueLayer || line.bytes.isEmpty() || path.steps.empty() || !value)
        return;
    const bool nested = line.valueClass == inspector::ValueClass::Container;
    if (!nested) {
        const auto found = jsonFieldsOf(*value, std::span(&path, 1)).front();
        if (found)
            emit conditionsRequested(&menu, path, *found);
    }
    menu.addAction(
        style::icon(style::Icon::Table), tr("Add as column"), this, [this, path] { emit columnRequested(path); });
    menu.addSeparator();
}

void RecordPanel::bytesMenu(const inspector::ByteSpan& selection, const QPoint& place)
{
    const auto bytes = m_record.isHere() ? bytesOf(m_layer) : std::nullopt;
    if (!bytes)
        return;
    const std::string_view chosen = selection.isEmpty()
        ? *bytes
        : bytes->substr(static_cast<std::size_t>(selection.first), static_cast<std::size_t>(selection.length()));
    QMenu menu;
    menu.addAction(style::icon(style::Icon::Copy), tr("Copy as hex"), this, [=] { copy(copyHex(chosen)); });
    menu.addAction(tr("Copy as text"), this, [=] { copy(copyText(chosen)); });
    menu.addAction(tr("Copy as Base64"), this, [=] { copy(copyBase64(chosen)); });
    menu.exec(place);
}

} // namespace weir

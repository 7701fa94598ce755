// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_fields.h"
#include "app/panels/record_lines.h"
#include "connectors/record/row_store.h"
#include "widgets/inspector/inspector_lines.h"

#include <QWidget>

class QButtonGroup;
class QHBoxLayout;
class QMenu;
class QPushButton;

namespace weir {
class Background;
namespace dashboard {
class PanelFrame;
} // namespace dashboard
namespace inspector {
class FieldList;
class HexView;
class JsonView;
} // namespace inspector

/// One record in full: its dissection, its bytes and the chosen field, in step with each other. Holds the record's
/// batch, so that it stays readable when its row has left memory. GUI thread.
class RecordPanel : public QWidget
{
    Q_OBJECT
public:
    /// Large values are laid out by `background`, which outlives this.
    explicit RecordPanel(Background& background, QWidget* parent = nullptr);

    /// An evicted row shows nothing.
    void showRecord(const StoredRow& record);
    const StoredRow& record() const { return m_record; }
    /// How `record` differs from `before`, unless another one is shown by now.
    void compare(const StoredRow& before, const StoredRow& record);
    void endComparison();
    bool isComparing() const { return m_comparing; }
    QList<QWidget*> panes() const;

signals:
    void followKeyRequested();
    /// A menu of what the record can be compared with is made: its owner fills it.
    void comparisonsRequested(QMenu* menu);
    /// The user wants a field of the value as a column.
    void columnRequested(const weir::JsonFieldPath& path);
    void headerColumnRequested(const QString& name);
    /// A menu for a field of the value is made: its owner puts in what can be asked of it.
    void conditionsRequested(QMenu* menu, const weir::JsonFieldPath& path, const weir::JsonFieldText& value);

private:
    void createDissection(QWidget* parent);
    void createBytes(QWidget* parent);
    void createTabs(QWidget* parent);
    void layOut();
    void take(Dissection dissection);
    void showComparison(const StoredRow& before, const std::vector<DiffLine>& lines);
    void showBytes(int layer);
    std::optional<std::string_view> bytesOf(int layer) const;
    void addTab(const QString& name, int layer);
    void chooseTab(int layer);
    void chooseLine(int line);
    void fieldMenu(int line, const QPoint& place);
    void addFieldActions(QMenu& menu, const inspector::InspectorLine& line, const JsonFieldPath& path);
    void bytesMenu(const inspector::ByteSpan& selection, const QPoint& place);

    Background& m_background;
    StoredRow m_record;
    int m_shown = 0; ///< records shown so far: what is laid out for an earlier one comes too late
    int m_layer = 0; ///< whose bytes are shown
    std::vector<DerivedLayer> m_derived; ///< of the record
    bool m_comparing = false;
    QButtonGroup* m_tabs = nullptr;
    QHBoxLayout* m_segments = nullptr;
    QPushButton* m_follow = nullptr;
    QPushButton* m_compare = nullptr;
    dashboard::PanelFrame* m_dissection = nullptr;
    dashboard::PanelFrame* m_bytes = nullptr;
    inspector::JsonView* m_json = nullptr;
    inspector::HexView* m_hex = nullptr;
    inspector::FieldList* m_fields = nullptr;
};

} // namespace weir

/** The part of Adaptive Cards 1.5 that Parley writes (https://adaptivecards.io/explorer), as plain JSON. */
export interface AdaptiveCard {
  type: 'AdaptiveCard';
  version: '1.5';
  fallbackText: string;
  refresh?: { action: Execute; userIds: string[] };
  body: Element[];
  actions?: CardAction[];
}

export type Element = RichText | Columns | Container | FactSet | ActionSet | Input;

/** Text in which Markdown means nothing: each run is shown as it is written. */
export interface RichText {
  type: 'RichTextBlock';
  inlines: Run[];
  spacing?: Spacing;
}

export interface Run {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Small' | 'Large';
  color?: 'Good' | 'Attention' | 'Warning' | 'Accent';
  isSubtle?: true;
  strikethrough?: true;
}

export interface Columns {
  type: 'ColumnSet';
  columns: Column[];
  spacing?: Spacing;
}

export interface Column {
  type: 'Column';
  width: 'auto' | 'stretch' | number;
  items: Element[];
  style?: ContainerStyle;
  minHeight?: string;
  spacing?: Spacing;
  verticalContentAlignment?: 'Center';
}

export interface Container {
  type: 'Container';
  items: Element[];
  style?: ContainerStyle;
  bleed?: true;
}

export interface FactSet {
  type: 'FactSet';
  facts: { title: string; value: string }[];
}

export interface ActionSet {
  type: 'ActionSet';
  actions: CardAction[];
}

export type Input = InputBase &
  (
    | { type: 'Input.Text'; isMultiline?: true; maxLength?: number; placeholder?: string }
    | {
        type: 'Input.ChoiceSet';
        style: 'compact' | 'expanded';
        /** `value` holds the values with commas between them. */
        isMultiSelect?: true;
        wrap?: true;
        choices: { title: string; value: string }[];
        placeholder?: string;
      }
    | { type: 'Input.Date' }
  );

interface InputBase {
  id: string;
  label: string;
  isRequired?: true;
  errorMessage?: string;
  value?: string;
}

export type CardAction = Execute | OpenUrl;

export interface Execute {
  type: 'Action.Execute';
  title?: string;
  verb: 'press' | 'show';
  data: Record<string, string>;
  associatedInputs: 'auto' | 'none';
  style?: 'positive' | 'destructive';
  mode?: 'secondary';
}

export interface OpenUrl {
  type: 'Action.OpenUrl';
  title: string;
  url: string;
  mode?: 'secondary';
}

export type ContainerStyle = 'default' | 'emphasis' | 'good' | 'attention' | 'warning' | 'accent';
export type Spacing = 'None' | 'Small' | 'Medium' | 'Large';

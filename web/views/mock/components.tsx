/** Every component in every state, side by side. */
import { Bell, Copy, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useAppStore } from "../app-context.tsx";
import { Button, type ButtonProps } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Choice } from "../parts/choice.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Drawer } from "../parts/drawer.tsx";
import { Facts } from "../parts/facts.tsx";
import { Field } from "../parts/field.tsx";
import { Figures } from "../parts/figures.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { Notice } from "../parts/notice.tsx";
import { NumberField } from "../parts/number-field.tsx";
import { Progress } from "../parts/progress.tsx";
import { Switch } from "../parts/switch.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Tooltip } from "../parts/tooltip.tsx";
import { Advice } from "../share/advice.tsx";
import styles from "./components.module.css";

const kinds: readonly NonNullable<ButtonProps["kind"]>[] = ["primary", "plain", "quiet", "grave"];
const notice = { title: "Something is so.", body: "This is why, and this is what happens next." };
const nothing = () => undefined;

export function Components() {
  return (
    <main className={styles.page}>
      <h1>Components</h1>
      <Card title="Button">
        <Row>
          {kinds.map((kind) => (
            <Button key={kind} kind={kind}>
              <Icon of={Copy} />
              {kind}
            </Button>
          ))}
        </Row>
        <Row>
          {kinds.map((kind) => (
            <Button key={kind} kind={kind} disabled>
              {kind}, disabled
            </Button>
          ))}
        </Row>
        <Row>
          <Button kind="primary" size="large">
            large
          </Button>
          <Button size="large">large</Button>
          <Tooltip words="A button without words">
            <Button kind="quiet">
              <Icon of={Bell} />
            </Button>
          </Tooltip>
        </Row>
      </Card>
      <Card title="Field">
        <Fields />
      </Card>
      <Card title="Number field">
        <NumberField
          label="Empty"
          value={undefined}
          onChange={nothing}
          unit="MB/s"
          placeholder="no limit"
          least={0}
          most={9}
          step={1}
        />
        <NumberField
          label="Set"
          hint="With a hint."
          value={2.5}
          onChange={nothing}
          unit="×"
          least={0}
          most={9}
          step={1}
        />
        <NumberField label="Disabled" value={4} onChange={nothing} least={0} most={9} step={1} isDisabled />
      </Card>
      <Card title="Switch">
        <Switches />
      </Card>
      <Card title="Choice">
        <Choices />
      </Card>
      <Card title="Dialog, drawer, menu, toast">
        <Floating />
      </Card>
      <Card title="Tabs">
        <Tabs
          label="Tabs"
          tabs={[
            { id: "one", title: "One", content: <p>The first part</p> },
            { id: "two", title: "Two (3)", content: <p>The second part</p> },
          ]}
        />
      </Card>
      <Card title="Progress">
        <Progress label="Nothing yet" words="0 %" fraction={0} />
        <Progress label="Some" words="42 %" fraction={0.42} />
        <Progress label="Nearly full" words="96 %" fraction={0.96} tone="warning" />
        <Progress label="Unknown" words="Working" fraction={undefined} />
      </Card>
      <Card title="Notice and advice">
        <Notice tone="calm" notice={notice} />
        <Notice tone="warning" notice={notice} />
        <Notice tone="error" notice={notice}>
          <Button>Try again</Button>
        </Notice>
        <Advice>Keep this tab open.</Advice>
        <Advice isGood>You can close this tab.</Advice>
      </Card>
      <Card title="Small parts" aside="at the end of the line">
        <Row>
          {["a.mp4", "a.mp3", "a.jpg", "a.pdf", "a.zip", "a"].map((name) => (
            <FileIcon key={name} name={name} />
          ))}
          <FileIcon name="folder" isFolder />
        </Row>
        <Facts>
          <span>one</span>
          <span>two</span>
          <span>three</span>
        </Facts>
        <Figures
          figures={[
            { name: "Given", value: "1.2 GB" },
            { name: "Received", value: "3.4 GB" },
          ]}
        />
      </Card>
    </main>
  );
}

function Row({ children }: { readonly children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}

function Fields() {
  const [value, setValue] = useState("words");
  return (
    <>
      <Field label="Empty" value="" onChange={setValue} placeholder="a hint inside" hint="A hint beneath." />
      <Field label="Filled, with a button" value={value} onChange={setValue}>
        <Button>Go</Button>
      </Field>
      <Field label="Secret" value={value} onChange={setValue} isSecret />
      <Field label="Wrong" value={value} onChange={setValue} error="This is what is wrong." />
      <Field label="Disabled" value={value} onChange={setValue} isDisabled />
    </>
  );
}

function Switches() {
  const [isOn, setIsOn] = useState(true);
  return (
    <>
      <Switch label="On" isOn={isOn} onChange={setIsOn} hint="With a hint." />
      <Switch label="Off" isOn={!isOn} onChange={(on) => setIsOn(!on)} />
      <Switch label="On, disabled" isOn isDisabled onChange={nothing} />
      <Switch label="Off, disabled" isOn={false} isDisabled onChange={nothing} />
    </>
  );
}

function Choices() {
  const [value, setValue] = useState("one");
  const options = ["one", "two", "three"].map((word) => ({ value: word, label: word }));
  return <Choice label="One of three" value={value} options={options} onChange={setValue} />;
}

function Floating() {
  const store = useAppStore();
  const [open, setOpen] = useState<"dialog" | "drawer">();
  return (
    <Row>
      <Button onClick={() => setOpen("dialog")}>Dialog</Button>
      <Button onClick={() => setOpen("drawer")}>Drawer</Button>
      <Button onClick={() => store.say("Said in passing.", { label: "Undo", run: nothing })}>Toast</Button>
      <Menu
        label="Menu"
        items={[
          { label: "Do this", drawing: Copy, run: nothing },
          { label: "Remove it", drawing: Trash2, isGrave: true, run: nothing },
        ]}
      >
        Menu
      </Menu>
      <Dialog title="A dialog" isOpen={open === "dialog"} onClose={() => setOpen(undefined)}>
        <p>Escape closes it.</p>
      </Dialog>
      <Drawer title="A drawer" isOpen={open === "drawer"} onClose={() => setOpen(undefined)}>
        <p>A swipe closes it.</p>
      </Drawer>
    </Row>
  );
}

import { expect, type Locator, type Page } from '@playwright/test';
import { CalciumPage } from './calcium-page.ts';
import type { Truth } from './viewer.ts';

/** The calcium mode with its records panel, as one person uses it. */
export class RecordsReader {
  readonly page: Page;
  readonly calcium: CalciumPage;
  readonly panel: Locator;

  constructor(page: Page) {
    this.page = page;
    this.calcium = new CalciumPage(page);
    this.panel = page.locator('.vw-records');
  }

  /** Signs in with a token, as OHIF does it with what its OpenID Connect client holds; before the study is opened. */
  async signIn(token: string): Promise<void> {
    await this.page.route('**/app-config.js', async route => {
      const response = await route.fetch();
      const body = `${await response.text()}
        const configure = window.config;
        const preRegistration = ({ servicesManager }) => {
          const getAuthorizationHeader = () => ({ Authorization: ${JSON.stringify(`Bearer ${token}`)} });
          servicesManager.services.userAuthenticationService.setServiceImplementation({ getAuthorizationHeader });
        };
        window.config = async () => ({ ...(await configure()), extensions: [{ id: 'sign-in', preRegistration }] });`;
      await route.fulfill({ response, body });
    });
  }

  open(url: string, { studyInstanceUid }: Truth): Promise<void> {
    return this.calcium.open(url, studyInstanceUid);
  }

  async showRecords(): Promise<void> {
    await this.page.locator('[data-cy=records-btn]').click();
    await expect(this.panel).toBeVisible();
  }

  async showCalcium(): Promise<void> {
    await this.page.locator('[data-cy=calcium-btn]').click();
    await expect(this.calcium.panel).toBeVisible();
  }

  /** Gives one lesion each to LAD and RCA. */
  async assignTwo({ vessels }: Truth): Promise<void> {
    for (const [key, name] of [
      ['2', 'LAD'],
      ['4', 'RCA'],
    ] as const) {
      await this.page.keyboard.press(key);
      await this.calcium.clickVoxel(vessels.find(vessel => vessel.name === name)!.calcifications[0]!.seedVoxel);
      expect((await this.calcium.score(name)).lesions).toBe(1);
    }
  }

  /** Gives the first lesion of a vessel to another one. */
  async giveTo(key: string, vessel: string, { vessels }: Truth): Promise<void> {
    await this.page.keyboard.press(key);
    await this.calcium.clickVoxel(vessels.find(({ name }) => name === vessel)!.calcifications[0]!.seedVoxel);
  }

  get status(): Locator {
    return this.page.getByTestId('records-status').locator('summary');
  }

  get confirmButton(): Locator {
    return this.calcium.panel.getByTestId('calcium-confirm');
  }

  get confirmed(): Locator {
    return this.calcium.panel.getByTestId('calcium-confirmed');
  }

  get cards(): Locator {
    return this.panel.getByTestId('records-card');
  }

  /** Confirms the score, and waits until the service has it. */
  async confirm(): Promise<void> {
    await this.confirmButton.click();
    await expect(this.confirmed).toHaveAttribute('data-status', 'confirmed');
    await this.synced();
  }

  /** Waits until everything has arrived. */
  async synced(): Promise<void> {
    await expect(this.status).toHaveText('Records: synced', { timeout: 60_000 });
  }
}

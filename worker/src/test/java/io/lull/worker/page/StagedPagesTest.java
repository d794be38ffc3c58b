package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StagedPagesTest {
    private final StagedPages staged = new StagedPages(4);

    @Test
    void sortsPagesTogetherWithTheirAddresses() {
        staged.add(9, 900);
        staged.add(2, StagedPages.ZERO_PAGE);
        staged.add(5, 500);
        staged.sort();
        assertThat(new long[] {staged.page(0), staged.address(0)}).containsExactly(2, 0);
        assertThat(new long[] {staged.page(1), staged.address(1)}).containsExactly(5, 500);
        assertThat(new long[] {staged.page(2), staged.address(2)}).containsExactly(9, 900);
    }

    @Test
    void refusesAPageThatWasStagedTwice() {
        staged.add(7, 1);
        staged.add(3, 1);
        staged.add(7, 1);
        assertThatThrownBy(staged::sort)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("page 7");
        staged.clear();
        staged.add(7, 1);
        staged.add(7, 1);
        assertThatThrownBy(staged::sort).hasMessageContaining("page 7");
    }

    @Test
    void isReusableAndBounded() {
        for (int page = 0; page < 4; page++) {
            staged.add(page, 1);
        }
        assertThatThrownBy(() -> staged.add(4, 1)).isInstanceOf(IllegalStateException.class);
        staged.clear();
        assertThat(staged.count()).isZero();
        assertThatThrownBy(() -> staged.page(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> staged.add(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}

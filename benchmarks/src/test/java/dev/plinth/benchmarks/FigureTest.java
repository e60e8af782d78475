package dev.plinth.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void theLineHasMediansRatioGoalAndVerdict() {
        var figure =
                new Figure("START_MS", List.of(300.0, 100.0, 200.0), List.of(400.0, 400.0), "Peer 1.0", 0.5, false);

        assertThat(figure.line()).isEqualTo("START_MS  ours=200.0 other=400.0 (Peer 1.0)  ratio=0.50  goal<=0.50  ok");
        assertThat(figure.spread())
                .isEqualTo("START_MS: ours 200.0 (100.0 to 300.0), Peer 1.0 400.0 (400.0 to 400.0), 3 rounds");
    }

    @Test
    void whatIsShortOfItsGoalSaysSo() {
        assertThat(new Figure("MS", List.of(201.0), List.of(400.0), "Peer", 0.5, false).line())
                .endsWith("goal<=0.50  short");
        assertThat(new Figure("PER_S", List.of(199.0), List.of(400.0), "Peer", 0.5, true).line())
                .endsWith("goal>=0.50  short");
        assertThat(new Figure("PER_S", List.of(200.0), List.of(400.0), "Peer", 0.5, true).line())
                .endsWith("goal>=0.50  ok");
    }
}
